package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.generate.JsonRecord.Field;
import io.stedi.lakehouse.input.RecordKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Writes the records of one kind into files of limited length, with or without dirt. */
final class RawFileWriter implements AutoCloseable {

  private static final int RECORDS_PER_FILE = 10_000;

  /** Every so many files one is compressed, and one short. */
  private static final int COMPRESSED_EVERY = 4;

  private static final int SHORT_EVERY = 3;
  private static final int RECORDS_PER_SHORT_FILE = 100;
  private static final long FIRST_FILE_TIME = 1_691_348_231_425L;

  private final RecordKind kind;
  private final Path folder;
  private final boolean clean;
  private final SplittableRandom random;

  private OutputStream out;
  private int files;
  private int recordsInFile;
  private int recordsPerFile;
  private long records;
  private long rejects;

  RawFileWriter(RecordKind kind, Path root, SampleOptions options) throws IOException {
    this.kind = kind;
    this.folder = Files.createDirectories(root.resolve(kind.tableName()).resolve("landing"));
    this.clean = options.clean();
    this.random = new SplittableRandom(options.seed() * 31 + kind.ordinal());
  }

  long records() {
    return records;
  }

  long rejects() {
    return rejects;
  }

  int files() {
    return files;
  }

  void write(JsonRecord json) throws IOException {
    if (out == null) {
      open();
    }
    boolean spaced = kind == RecordKind.CUSTOMER;
    if (clean) {
      put(json.json(spaced) + "\n");
    } else {
      damagedNeighbour(json.json(spaced));
      put(respelled(json).json(Dirt.OTHER_ORDER_AND_SPACING.occurs(random) != spaced));
      put(separator());
    }
    records++;
    recordsInFile++;
    if (recordsInFile == recordsPerFile) {
      finishFile(json);
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  /** Writes a file of its own, beside those of the records. */
  void strayFile(String name, String content, int fragments) throws IOException {
    Files.writeString(folder.resolve(name), content);
    files++;
    rejects += fragments;
  }

  private void open() throws IOException {
    String name = "%s-%d.json".formatted(kind.tableName(), FIRST_FILE_TIME + files * 1_013L);
    boolean compressed = !clean && files % COMPRESSED_EVERY == COMPRESSED_EVERY - 1;
    recordsPerFile =
        !clean && files % SHORT_EVERY == SHORT_EVERY - 1
            ? RECORDS_PER_SHORT_FILE
            : RECORDS_PER_FILE;
    OutputStream file =
        new BufferedOutputStream(
            Files.newOutputStream(folder.resolve(compressed ? name + ".gz" : name)));
    out = compressed ? new GZIPOutputStream(file) : file;
    files++;
    recordsInFile = 0;
  }

  private void finishFile(JsonRecord json) throws IOException {
    if (!clean) {
      // Cut off within the last number, the trap: it still looks like one.
      String text = json.json(false);
      put("\n" + text.substring(0, text.length() - 2));
      rejects++;
    }
    out.close();
    out = null;
  }

  private void put(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String separator() {
    if (Dirt.CONCATENATED.occurs(random)) {
      return "";
    }
    if (Dirt.COMMA_AFTER.occurs(random)) {
      return ",\n";
    }
    return Dirt.CRLF.occurs(random) ? "\r\n" : "\n";
  }

  /** Now and then, something that is no record, made of one. */
  private void damagedNeighbour(String json) throws IOException {
    if (Dirt.CUT_BEFORE_NEWLINE.occurs(random)) {
      reject(cut(json) + "\n");
    }
    if (Dirt.MISSING_FIELD.occurs(random)) {
      reject(json.replaceFirst("\"(email|user|serialNumber)\": ?\"[^\"]*\",? ?", "") + "\n");
    }
    if (Dirt.WRONG_TYPE.occurs(random)) {
      reject(json.replaceFirst("(\"(?:email|user|serialNumber)\": ?)\"[^\"]*\"", "$1true") + "\n");
    }
    if (Dirt.SHORTENED_TIME.occurs(random)) {
      reject(json.replaceFirst("([0-9]{10})[0-9]{3}", "$1") + "\n");
    }
    if (Dirt.GARBAGE.occurs(random)) {
      reject("-- test, please ignore --\n");
    }
    if (Dirt.CUT_BEFORE_RECORD.occurs(random)) {
      reject(cut(json));
    }
  }

  private void reject(String text) throws IOException {
    // On a line of its own, as what stands before may have no newline.
    put("\n" + text);
    rejects++;
  }

  private String cut(String json) {
    return json.substring(0, 1 + random.nextInt(json.length() - 2));
  }

  private JsonRecord respelled(JsonRecord json) {
    List<Field> fields = new ArrayList<>();
    for (Field field : json.fields()) {
      fields.add(respelled(field));
    }
    if (kind == RecordKind.CUSTOMER && Dirt.NULL_FOR_ABSENT.occurs(random)) {
      for (String name : List.of("shareWithPublicAsOfDate", "shareWithFriendsAsOfDate")) {
        if (fields.stream().noneMatch(field -> field.name().equals(name))) {
          fields.add(new Field(name, "null"));
        }
      }
    }
    if (Dirt.UNDECLARED_FIELD.occurs(random)) {
      fields.add(new Field("appVersion", "{\"major\":2,\"minor\":[1]}"));
    }
    if (Dirt.OTHER_ORDER_AND_SPACING.occurs(random)) {
      Collections.shuffle(fields, new Random(random.nextLong()));
    }
    return new JsonRecord(fields);
  }

  private Field respelled(Field field) {
    if (field.name().equals("timestamp") && Dirt.TIME_STAMP_SPELLING.occurs(random)) {
      return new Field("timeStamp", field.literal());
    }
    if (field.name().equals("phone") && Dirt.PHONE_AS_NUMBER.occurs(random)) {
      return new Field(field.name(), field.literal().replace("\"", ""));
    }
    if (field.isTime() && Dirt.TIME_WITH_FRACTION.occurs(random)) {
      return new Field(field.name(), field.literal() + ".0");
    }
    if (!field.literal().startsWith("\"") && Dirt.NUMBER_AS_TEXT.occurs(random)) {
      return new Field(field.name(), '"' + field.literal() + '"');
    }
    return field;
  }
}
