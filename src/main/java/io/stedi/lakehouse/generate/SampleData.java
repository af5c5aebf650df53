package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes sample data: a small one in the layout of the real data, or a long and raw history. */
public final class SampleData {

  private final SampleOptions options;
  private final Location root;
  private final Tally tally;

  private SampleData(SampleOptions options, Location root, Tally tally) {
    this.options = options;
    this.root = root;
    this.tally = tally;
  }

  /**
   * Writes sample data, one person at a time.
   *
   * @param folder created if need be
   * @throws LakehouseException if the folder holds anything already, or cannot be written
   */
  public static SampleSummary write(SampleOptions options, Location folder) {
    return write(options, folder, Ledger.NONE);
  }

  /** Writes sample data to a folder of this machine, as {@link #write(SampleOptions, Location)}. */
  public static SampleSummary write(SampleOptions options, Path folder) {
    return write(options, Location.of(folder));
  }

  /**
   * Writes sample data, one person at a time, and accounts for every fragment.
   *
   * @param folder created if need be
   * @throws LakehouseException if the folder holds anything already, or cannot be written
   */
  public static SampleSummary write(SampleOptions options, Location folder, Ledger ledger) {
    try {
      if (!folder.entries().isEmpty()) {
        throw LakehouseException.usage(
            "The folder %s is not empty. Sample data is written to a new or an empty folder."
                .formatted(folder));
      }
      Tally tally = new Tally(ledger);
      new SampleData(options, folder, tally).write();
      return tally.summary();
    } catch (IOException e) {
      throw Failures.explain("Cannot write sample data to " + folder, e);
    }
  }

  private void write() throws IOException {
    Map<RecordKind, Deliveries> deliveries = new EnumMap<>(RecordKind.class);
    try {
      for (RecordKind kind : RecordKind.values()) {
        deliveries.put(kind, deliveries(kind));
      }
      Population population = options.population();
      for (int number = 0; number < options.customers(); number++) {
        Person person = new Person(population, options.seed(), number);
        for (JsonRecord version : person.versions()) {
          deliveries.get(RecordKind.CUSTOMER).write(version);
        }
        writeReadings(person, deliveries);
        if (Population.isOneIn(population.strangerOneIn(), number)) {
          writeReadings(Person.stranger(population, options.seed(), number), deliveries);
        }
      }
      for (Deliveries ofKind : deliveries.values()) {
        ofKind.finish();
      }
      if (!options.clean()) {
        writeStrayFiles();
      }
    } finally {
      for (Deliveries ofKind : deliveries.values()) {
        ofKind.close();
      }
    }
  }

  private Deliveries deliveries(RecordKind kind) {
    SplittableRandom random = new SplittableRandom(options.seed() * 31 + kind.ordinal());
    Spelling spelling = new Spelling(kind, random);
    if (!options.isHistory()) {
      FilePlans plans = new SampleFiles(kind, options.clean());
      FileSeries main = series(kind, plans, spelling, random);
      return new Deliveries(kind, spelling, main, null, options.clean(), random, tally);
    }
    HistoryFiles plans = new HistoryFiles(kind, options.clean());
    FileSeries exports = series(kind, plans::export, spelling, random);
    FileSeries small = series(kind, plans::small, spelling, random);
    return new Deliveries(kind, spelling, exports, small, options.clean(), random, tally);
  }

  private FileSeries series(
      RecordKind kind, FilePlans plans, Spelling spelling, SplittableRandom random) {
    Damage damage = options.clean() ? null : new Damage(spelling, random);
    return new FileSeries(kind, root, plans, spelling, damage, random, tally);
  }

  private static void writeReadings(Person person, Map<RecordKind, Deliveries> deliveries)
      throws IOException {
    for (JsonRecord motion : person.motions()) {
      deliveries.get(RecordKind.ACCELEROMETER).write(motion);
    }
    for (JsonRecord step : person.steps()) {
      deliveries.get(RecordKind.STEP_TRAINER).write(step);
    }
  }

  /** Files that nobody meant to deliver. */
  private void writeStrayFiles() throws IOException {
    for (RecordKind kind : RecordKind.values()) {
      String folder =
          options.isHistory() ? HistoryFiles.folders(kind).get(0) : SampleFiles.folder(kind);
      new RawFileWriter(kind, root, folder + "/empty.json", tally).close();
      try (RawFileWriter test = new RawFileWriter(kind, root, folder + "/test.json", tally)) {
        test.reject("test".getBytes(UTF_8));
        test.separate("\n");
        test.reject("{\"test\": 1}".getBytes(UTF_8));
        test.separate("\n");
      }
    }
    try (OutputStream notes = root.resolve("notes.txt").create()) {
      notes.write("Not a kind of record.\n".getBytes(UTF_8));
    }
  }
}
