package io.stedi.lakehouse.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A record as a list of fields, so that dirt can be put on its names, values and order. */
record JsonRecord(List<Field> fields) {

  /**
   * A field.
   *
   * @param name the name as spelled
   * @param literal the value as JSON
   */
  record Field(String name, String literal) {

    boolean isTime() {
      return literal.matches("[0-9]{13}");
    }
  }

  static JsonRecord of() {
    return new JsonRecord(new ArrayList<>());
  }

  JsonRecord text(String name, String value) {
    fields.add(new Field(name, '"' + value + '"'));
    return this;
  }

  JsonRecord number(String name, Object value) {
    fields.add(new Field(name, value.toString()));
    return this;
  }

  /**
   * The record as in the real data: {@code ": "} and {@code ", "} in customers, nothing elsewhere.
   */
  String json(boolean spaced) {
    return fields.stream()
        .map(field -> '"' + field.name() + (spaced ? "\": " : "\":") + field.literal())
        .collect(Collectors.joining(spaced ? ", " : ",", "{", "}"));
  }
}
