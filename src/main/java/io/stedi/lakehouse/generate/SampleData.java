package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.input.RecordKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Makes sample data in the layout of the real data: a folder for each kind of records. */
public final class SampleData {

  private SampleData() {}

  /**
   * Writes sample data, one person at a time.
   *
   * @param folder created if need be
   * @throws LakehouseException if the folder holds anything already, or cannot be written
   */
  public static SampleSummary write(SampleOptions options, Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> present = Files.list(folder)) {
        if (present.findAny().isPresent()) {
          throw LakehouseException.usage(
              "The folder %s is not empty. Sample data is written to a new or an empty folder."
                  .formatted(folder));
        }
      }
      return writeAll(options, folder);
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write sample data to %s (%s).".formatted(folder, e), e);
    }
  }

  private static SampleSummary writeAll(SampleOptions options, Path folder) throws IOException {
    Map<RecordKind, RawFileWriter> writers = new EnumMap<>(RecordKind.class);
    try {
      for (RecordKind kind : RecordKind.values()) {
        writers.put(kind, new RawFileWriter(kind, folder, options));
      }
      for (int number = 0; number < options.customers(); number++) {
        Person person = new Person(options.seed(), number);
        for (JsonRecord version : person.versions()) {
          writers.get(RecordKind.CUSTOMER).write(version);
        }
        write(options, writers.get(RecordKind.ACCELEROMETER), person.motions(), number);
        write(options, writers.get(RecordKind.STEP_TRAINER), person.steps(), number);
      }
      if (!options.clean()) {
        writers.get(RecordKind.CUSTOMER).strayFile("customer-empty.json", "", 0);
        writers.get(RecordKind.ACCELEROMETER).strayFile("test.json", "test\n{\"test\": 1}\n", 2);
        Files.writeString(folder.resolve("notes.txt"), "Not a kind of record.\n");
      }
    } finally {
      for (RawFileWriter writer : writers.values()) {
        writer.close();
      }
    }
    Map<RecordKind, Long> records = new EnumMap<>(RecordKind.class);
    Map<RecordKind, Long> rejects = new EnumMap<>(RecordKind.class);
    int files = 0;
    for (Map.Entry<RecordKind, RawFileWriter> writer : writers.entrySet()) {
      records.put(writer.getKey(), writer.getValue().records());
      rejects.put(writer.getKey(), writer.getValue().rejects());
      files += writer.getValue().files();
    }
    return new SampleSummary(records, rejects, files, size(folder));
  }

  private static void write(
      SampleOptions options, RawFileWriter writer, List<JsonRecord> readings, int number)
      throws IOException {
    SplittableRandom random = new SplittableRandom(options.seed() + number);
    for (JsonRecord reading : readings) {
      writer.write(reading);
    }
    if (!options.clean()) {
      for (JsonRecord reading : readings) {
        if (Dirt.REPEATED.occurs(random)) {
          writer.write(reading);
        }
      }
    }
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
