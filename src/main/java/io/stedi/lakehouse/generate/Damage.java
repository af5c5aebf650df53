package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.generate.JsonRecord.Field;
import io.stedi.lakehouse.generate.Spelling.Spelled;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Writes what is no record, made of one. How far each such fragment reaches is beyond doubt: a
 * whole object ends at its brace, and everything else at a newline, at the object that follows, or
 * with the file. So only plain records are cut, which hold no second brace, and only complete
 * objects or nothing may precede a fragment on its line.
 */
final class Damage {

  private static final List<String> GARBAGE =
      List.of(
          "-- test, please ignore --",
          "customerName,email,phone,birthDay",
          "<html>502 Bad Gateway</html>",
          "upload resumed at byte 2097152");
  private static final List<String> WRONG_VALUES = List.of("true", "[]", "{\"value\":[1,{}]}");

  /** How many digits of a time are left in the real data where it lost some. */
  private static final int SHORTENED_DIGITS = 10;

  private final Spelling spelling;
  private final SplittableRandom random;

  Damage(Spelling spelling, SplittableRandom random) {
    this.spelling = spelling;
    this.random = random;
  }

  /** Now and then puts something before a record, which must follow at once. */
  void before(JsonRecord record, RawFileWriter file, Separation separation) throws IOException {
    if (Dirt.CUT_BEFORE_NEWLINE.occurs(random)) {
      file.reject(cutAnywhere(record));
      file.separate("\n");
    }
    if (Dirt.MISSING_FIELD.occurs(random)) {
      List<Spelled> fields = Spelled.plainly(record);
      fields.remove(anyField(record, Field::isRequired));
      file.reject(bytes(fields));
      file.separate(separation.next(random));
    }
    if (Dirt.WRONG_TYPE.occurs(random)) {
      String value = WRONG_VALUES.get(random.nextInt(WRONG_VALUES.size()));
      file.reject(withLiteral(record, anyField(record, Field::isRequired), value));
      file.separate(separation.next(random));
    }
    if (Dirt.SHORTENED_TIME.occurs(random)) {
      int time = anyField(record, field -> field.isTime() && field.isRequired());
      String digits = record.fields().get(time).literal().substring(0, SHORTENED_DIGITS);
      file.reject(withLiteral(record, time, digits));
      file.separate(separation.next(random));
    }
    if (Dirt.GARBAGE.occurs(random)) {
      file.reject(GARBAGE.get(random.nextInt(GARBAGE.size())).getBytes(UTF_8));
      file.separate("\n");
    }
    if (Dirt.CUT_BEFORE_RECORD.occurs(random)) {
      file.reject(cutAnywhere(record));
    }
  }

  /** Ends the file within a record. */
  void cutOff(JsonRecord record, RawFileWriter file) throws IOException {
    // Half of them within the last number, the trap: what is left still looks like one.
    byte[] json = plain(record);
    file.reject(random.nextBoolean() ? Arrays.copyOf(json, json.length - 2) : cutAnywhere(record));
  }

  /**
   * Ends the file within a record, or before it with newlines, when it has exactly so many bytes.
   */
  void cutOffAt(long fileBytes, JsonRecord record, RawFileWriter file) throws IOException {
    byte[] json = plain(record);
    int left = Math.toIntExact(fileBytes - file.offset());
    int length = Math.min(left, json.length - 2);
    file.separate("\n".repeat(left - length));
    file.reject(Arrays.copyOf(json, length));
  }

  private byte[] cutAnywhere(JsonRecord record) {
    byte[] json = plain(record);
    return Arrays.copyOf(json, 1 + random.nextInt(json.length - 2));
  }

  private int anyField(JsonRecord record, Predicate<Field> condition) {
    List<Field> fields = record.fields();
    int index = random.nextInt(fields.size());
    while (!condition.test(fields.get(index))) {
      index = (index + 1) % fields.size();
    }
    return index;
  }

  private byte[] withLiteral(JsonRecord record, int index, String literal) {
    List<Spelled> fields = Spelled.plainly(record);
    fields.set(index, new Spelled(fields.get(index).name(), literal));
    return bytes(fields);
  }

  private byte[] plain(JsonRecord record) {
    return spelling.plain(record).getBytes(UTF_8);
  }

  private byte[] bytes(List<Spelled> fields) {
    return spelling.json(fields).getBytes(UTF_8);
  }
}
