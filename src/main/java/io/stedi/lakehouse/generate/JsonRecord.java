package io.stedi.lakehouse.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A record as it is meant, before it is spelled: named values, in the order of the real data. */
public final class JsonRecord {

  private static final Set<String> OPTIONAL =
      Set.of(
          "customerName",
          "phone",
          "birthDay",
          "shareWithResearchAsOfDate",
          "shareWithPublicAsOfDate",
          "shareWithFriendsAsOfDate");

  /**
   * A field.
   *
   * @param value a String, a Long (milliseconds since the epoch), an Integer or a Double
   */
  record Field(String name, Object value) {

    boolean isText() {
      return value instanceof String;
    }

    boolean isTime() {
      return value instanceof Long;
    }

    /** Whether it is no record without the field; what a customer may withhold can be absent. */
    boolean isRequired() {
      return !OPTIONAL.contains(name);
    }

    /** The value as JSON. Nothing that is generated needs escaping. */
    String literal() {
      return isText() ? "\"" + value + "\"" : value.toString();
    }
  }

  private final List<Field> fields = new ArrayList<>(10);

  JsonRecord with(String name, Object value) {
    fields.add(new Field(name, value));
    return this;
  }

  List<Field> fields() {
    return fields;
  }

  /** When it happened or was changed, in milliseconds since the epoch. */
  long time() {
    long time = 0;
    for (Field field : fields) {
      if (field.isTime() && field.isRequired()) {
        time = (Long) field.value();
      }
    }
    return time;
  }

  /**
   * The values by the names of the design: text as String, times as Long (milliseconds since the
   * epoch), the distance as Integer, the components of a motion as Double. What is withheld is
   * absent.
   */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : fields) {
      values.put(field.name(), field.value());
    }
    return values;
  }

  @Override
  public String toString() {
    return values().toString();
  }
}
