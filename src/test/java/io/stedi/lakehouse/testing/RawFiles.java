package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
}
