package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.generate.FilePlan.Ending;
import io.stedi.lakehouse.records.RecordKind;

/** The layout of the small sample: one folder for each kind, as in the real starter data. */
final class SampleFiles implements FilePlans {

  private static final int RECORDS_PER_FILE = 10_000;

  /** Every so many files one is compressed, and one short. */
  private static final int COMPRESSED_EVERY = 4;

  private static final int SHORT_EVERY = 3;
  private static final int RECORDS_PER_SHORT_FILE = 100;
  private static final long FIRST_FILE_TIME = 1_691_348_231_425L;

  private final RecordKind kind;
  private final boolean clean;

  SampleFiles(RecordKind kind, boolean clean) {
    this.kind = kind;
    this.clean = clean;
  }

  /** Where the files of a kind lie. */
  static String folder(RecordKind kind) {
    return kind.tableName() + "/landing";
  }

  @Override
  public FilePlan plan(int index, JsonRecord first) {
    long time = FIRST_FILE_TIME + index * 1_013L;
    String path = folder(kind) + "/" + kind.tableName() + "-" + time + ".json";
    if (clean) {
      return new FilePlan(path, RECORDS_PER_FILE, Separation.LINES, Ending.WHOLE);
    }
    return new FilePlan(
        index % COMPRESSED_EVERY == COMPRESSED_EVERY - 1 ? path + ".gz" : path,
        index % SHORT_EVERY == SHORT_EVERY - 1 ? RECORDS_PER_SHORT_FILE : RECORDS_PER_FILE,
        Separation.MIXTURE,
        Ending.CUT);
  }
}
