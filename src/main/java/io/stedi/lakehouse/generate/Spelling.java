package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.generate.JsonRecord.Field;
import io.stedi.lakehouse.records.RecordKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Writes records of one kind as JSON: as most of the real data is, or otherwise. */
final class Spelling {

  private static final List<String> MAY_BE_WITHHELD =
      List.of("shareWithResearchAsOfDate", "shareWithPublicAsOfDate", "shareWithFriendsAsOfDate");

  private final RecordKind kind;
  private final SplittableRandom random;

  Spelling(RecordKind kind, SplittableRandom random) {
    this.kind = kind;
    this.random = random;
  }

  /** A field as spelled: any name and any literal. */
  record Spelled(String name, String literal) {

    static List<Spelled> plainly(JsonRecord record) {
      List<Spelled> spelled = new ArrayList<>(record.fields().size() + 2);
      for (Field field : record.fields()) {
        spelled.add(new Spelled(field.name(), field.literal()));
      }
      return spelled;
    }
  }

  /** Where the blanks are. */
  private enum Spacing {
    NONE("{", ":", ",", "}"),
    BEHIND("{", ": ", ", ", "}"),
    AROUND("{ ", " : ", " , ", " }");

    private final String open;
    private final String colon;
    private final String comma;
    private final String close;

    Spacing(String open, String colon, String comma, String close) {
      this.open = open;
      this.colon = colon;
      this.comma = comma;
      this.close = close;
    }

    String json(List<Spelled> fields) {
      StringBuilder json = new StringBuilder(384);
      String before = open;
      for (Spelled field : fields) {
        json.append(before).append('"').append(field.name()).append('"');
        json.append(colon).append(field.literal());
        before = comma;
      }
      return json.append(close).toString();
    }
  }

  /** As in the real data: blanks behind colons and commas in customers, none elsewhere. */
  String plain(JsonRecord record) {
    return json(Spelled.plainly(record));
  }

  /** These fields, with blanks as in the real data. */
  String json(List<Spelled> fields) {
    return usual().json(fields);
  }

  /** With each dirt that loses nothing at its rate. */
  String dirty(JsonRecord record) {
    List<Spelled> fields = new ArrayList<>(record.fields().size() + 3);
    for (Field field : record.fields()) {
      fields.add(dirty(field));
    }
    if (kind == RecordKind.CUSTOMER && Dirt.NULL_FOR_ABSENT.occurs(random)) {
      for (String name : MAY_BE_WITHHELD) {
        if (fields.stream().noneMatch(field -> field.name().equals(name))) {
          fields.add(new Spelled(name, "null"));
        }
      }
    }
    if (Dirt.UNDECLARED_FIELD.occurs(random)) {
      fields.add(new Spelled("appVersion", "{\"major\":2,\"minor\":[1]}"));
    }
    if (Dirt.OTHER_ORDER.occurs(random)) {
      shuffle(fields);
    }
    Spacing unusual = usual() == Spacing.NONE ? Spacing.BEHIND : Spacing.NONE;
    return (Dirt.OTHER_SPACING.occurs(random) ? unusual : usual()).json(fields);
  }

  /** The same values in bytes that neither {@link #plain} nor {@link #dirty} gives. */
  String other(JsonRecord record) {
    List<Spelled> fields = new ArrayList<>(record.fields().size());
    for (Field field : record.fields()) {
      fields.add(random.nextBoolean() ? otherNumber(field) : plain(field));
    }
    shuffle(fields);
    return Spacing.AROUND.json(fields);
  }

  private Spacing usual() {
    return kind == RecordKind.CUSTOMER ? Spacing.BEHIND : Spacing.NONE;
  }

  private void shuffle(List<Spelled> fields) {
    Collections.shuffle(fields, new Random(random.nextLong()));
  }

  private static Spelled plain(Field field) {
    return new Spelled(field.name(), field.literal());
  }

  private Spelled dirty(Field field) {
    if (field.name().equals("timestamp") && Dirt.TIME_STAMP_SPELLING.occurs(random)) {
      return new Spelled("timeStamp", field.literal());
    }
    if (field.name().equals("phone") && Dirt.PHONE_AS_NUMBER.occurs(random)) {
      return new Spelled(field.name(), field.value().toString());
    }
    if (field.isTime() && Dirt.TIME_WITH_FRACTION.occurs(random)) {
      return otherNumber(field);
    }
    if (!field.isText() && Dirt.NUMBER_AS_TEXT.occurs(random)) {
      return new Spelled(field.name(), "\"" + field.literal() + "\"");
    }
    return plain(field);
  }

  /** With a zero more behind the point, which changes no number. */
  private static Spelled otherNumber(Field field) {
    if (field.isText()) {
      return plain(field);
    }
    String zero = field.value() instanceof Double ? "0" : ".0";
    return new Spelled(field.name(), field.literal() + zero);
  }
}
