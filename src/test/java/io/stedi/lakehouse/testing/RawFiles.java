package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Writes raw files and the records in them. */
public final class RawFiles {

  private RawFiles() {}

  public static String json(ReferenceTables.Customer c) {
    String research = c.consent() == null ? "" : ",\"shareWithResearchAsOfDate\":" + c.consent();
    return """
        {"customerName":"Name of %s","email":"%s","phone":"8015551212","birthDay":"1399-01-01",\
        "serialNumber":"%s","registrationDate":%d,"lastUpdateDate":%d%s}"""
        .formatted(c.email(), c.email(), c.serial(), c.registered(), c.updated(), research);
  }

  /** A customer record with its address, serial number and lack of consent in random spellings. */
  public static String json(ReferenceTables.Customer c, Random random) {
    List<String> fields = new ArrayList<>();
    fields.add("\"email\":\"%s\"".formatted(Spellings.of(random, c.email())));
    fields.add("\"serialNumber\":\"%s\"".formatted(Spellings.of(random, c.serial())));
    fields.add("\"registrationDate\":" + c.registered());
    fields.add("\"lastUpdateDate\":" + c.updated());
    for (String optional : List.of("customerName", "phone", "birthDay")) {
      fields.add(
          random.nextBoolean() ? Spellings.no(random, optional) : "\"" + optional + "\":\"1399\"");
    }
    fields.add(
        c.consent() == null
            ? Spellings.no(random, "shareWithResearchAsOfDate")
            : "\"shareWithResearchAsOfDate\":" + c.consent());
    fields.removeIf(String::isEmpty);
    Collections.shuffle(fields, random);
    return "{" + String.join(",", fields) + "}";
  }

  /** An accelerometer record with its user in a random spelling. */
  public static String json(ReferenceTables.Motion m, Random random) {
    return json(
        new ReferenceTables.Motion(Spellings.of(random, m.user()), m.time(), m.x(), m.y(), m.z()));
  }

  /** A step trainer record with its serial number in a random spelling. */
  public static String json(ReferenceTables.Step s, Random random) {
    return json(new ReferenceTables.Step(s.time(), Spellings.of(random, s.serial()), s.distance()));
  }

  public static String json(ReferenceTables.Motion m) {
    return """
        {"user":"%s","timestamp":%d,"x":%s,"y":%s,"z":%s}"""
        .formatted(m.user(), m.time(), m.x(), m.y(), m.z());
  }

  public static String json(ReferenceTables.Step s) {
    return """
        {"sensorReadingTime":%d,"serialNumber":"%s","distanceFromObject":%d}"""
        .formatted(s.time(), s.serial(), s.distance());
  }

  /** Writes lines into {@code files} files of a kind, one line here and the next there. */
  public static void write(Path root, String kind, List<String> lines, int files)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve(kind).resolve("landing"));
    for (int file = 0; file < files; file++) {
      StringBuilder text = new StringBuilder();
      for (int line = file; line < lines.size(); line += files) {
        text.append(lines.get(line)).append('\n');
      }
      Files.writeString(folder.resolve("%s-%03d.json".formatted(kind, file)), text);
    }
  }

  /** Lets a file of records arrive while others read, by renaming, as writers who are done do. */
  public static void arrive(Path root, String kind, String... records) throws IOException {
    Path folder = Files.createDirectories(root.resolve(kind));
    Path partial = Files.createTempFile(folder, "", ".tmp");
    Files.write(partial, List.of(records));
    String name = partial.getFileName().toString().replace(".tmp", ".json");
    Files.move(partial, partial.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
