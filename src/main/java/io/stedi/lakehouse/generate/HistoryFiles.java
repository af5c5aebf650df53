package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.generate.FilePlan.Ending;
import io.stedi.lakehouse.records.RecordKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The layout of a raw history: exports of many records, and the small files of single days, in
 * folders whose names changed over the years. What a file is like follows from its number alone, so
 * that even a short history has every sort.
 */
final class HistoryFiles {

  private static final int RECORDS_PER_EXPORT = 200_000;
  private static final int MAX_RECORDS_PER_SMALL_FILE = 79;
  private static final int COMPRESSED_EXPORT_EVERY = 4;
  private static final int COMPRESSED_EVERY = 4;
  private static final int CUT_EVERY = 6;
  private static final int EMPTY_EVERY = 16;

  /** Ways to lay out days as folders. */
  private static final List<DateTimeFormatter> DAYS =
      List.of(
          DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT),
          DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT));

  private final RecordKind kind;
  private final boolean clean;

  HistoryFiles(RecordKind kind, boolean clean) {
    this.kind = kind;
    this.clean = clean;
  }

  /** The names that the folder of a kind has had. */
  static List<String> folders(RecordKind kind) {
    return switch (kind) {
      case CUSTOMER -> List.of("customer", "Customer", "CUSTOMERS");
      case ACCELEROMETER -> List.of("accelerometer", "Accelerometer", "customer app/ACCELEROMETER");
      case STEP_TRAINER -> List.of("step_trainer", "Step-Trainer", "step trainer", "STEPTRAINER");
    };
  }

  /** A few large files. Every other one is cut off at 2 MiB. */
  FilePlan export(int index, JsonRecord first) {
    String path = folder(index) + "/export/" + index + ".json";
    if (clean) {
      return new FilePlan(path, RECORDS_PER_EXPORT, Separation.LINES, Ending.WHOLE);
    }
    if (index % 2 == 0) {
      return new FilePlan(path, Integer.MAX_VALUE, Separation.MIXTURE, Ending.CUT_AT_2_MIB);
    }
    return new FilePlan(
        index % COMPRESSED_EXPORT_EVERY == COMPRESSED_EXPORT_EVERY - 1 ? path + ".gz" : path,
        RECORDS_PER_EXPORT,
        separation(index / 2),
        Ending.CUT);
  }

  /** Many small files, in folders by the day of their first record. */
  FilePlan small(int index, JsonRecord first) {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(first.time()), ZoneOffset.UTC);
    String folder = folder(index) + "/" + DAYS.get(index % DAYS.size()).format(day);
    String path = folder + String.format(Locale.ROOT, "/part-%06d.json", index);
    // Spread without a second source of randomness.
    int records = 1 + (int) (index * 31L % MAX_RECORDS_PER_SMALL_FILE);
    if (clean) {
      return new FilePlan(path, records, Separation.LINES, Ending.WHOLE);
    }
    return new FilePlan(
        index % COMPRESSED_EVERY == 1 ? path + ".gz" : path,
        index % EMPTY_EVERY == EMPTY_EVERY - 1 ? 0 : records,
        separation(index),
        index % CUT_EVERY == 2 ? Ending.CUT : Ending.WHOLE);
  }

  private String folder(int index) {
    List<String> folders = folders(kind);
    return folders.get(index % folders.size());
  }

  private static Separation separation(int index) {
    return Separation.values()[index % Separation.values().length];
  }
}
