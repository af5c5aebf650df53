package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.generate.FilePlan.Ending;
import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.util.SplittableRandom;

/** Writes the records of one kind into one file after another, as planned. */
final class FileSeries implements AutoCloseable {

  /** More than a record takes with all that may come before it, in bytes. */
  private static final int CUT_MARGIN = 8 << 10;

  private final RecordKind kind;
  private final Location root;
  private final FilePlans plans;
  private final Spelling spelling;
  private final Damage damage;
  private final SplittableRandom random;
  private final Tally tally;

  private RawFileWriter file;
  private FilePlan plan;
  private JsonRecord last;
  private int files;
  private int recordsInFile;

  /**
   * @param damage what to put between the records, null for nothing
   */
  FileSeries(
      RecordKind kind,
      Location root,
      FilePlans plans,
      Spelling spelling,
      Damage damage,
      SplittableRandom random,
      Tally tally) {
    this.kind = kind;
    this.root = root;
    this.plans = plans;
    this.spelling = spelling;
    this.damage = damage;
    this.random = random;
    this.tally = tally;
  }

  /**
   * Writes a record.
   *
   * @param json how it is to be spelled; near the end of a file that is cut at a certain byte, it
   *     is spelled plainly instead
   */
  void write(JsonRecord record, String json) throws IOException {
    while (file == null) {
      open(record);
    }
    if (plan.ending() == Ending.CUT_AT_2_MIB && bytesUntilCut() < CUT_MARGIN) {
      writeNearCut(record);
      return;
    }
    if (damage != null) {
      damage.before(record, file, plan.separation());
    }
    file.record(json.getBytes(UTF_8), record);
    file.separate(plan.separation().next(random));
    last = record;
    recordsInFile++;
    if (recordsInFile == plan.records()) {
      finish();
    }
  }

  /** Ends the file that is under way, as planned. */
  void finish() throws IOException {
    if (file != null) {
      if (plan.ending() == Ending.CUT) {
        damage.cutOff(last, file);
      }
      closeFile();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      closeFile();
    }
  }

  private void open(JsonRecord first) throws IOException {
    plan = plans.plan(files, first);
    files++;
    recordsInFile = 0;
    file = new RawFileWriter(kind, root, plan.path(), tally);
    if (plan.records() == 0) {
      closeFile();
    }
  }

  private void writeNearCut(JsonRecord record) throws IOException {
    byte[] json = spelling.plain(record).getBytes(UTF_8);
    if (json.length + 1 < bytesUntilCut()) {
      file.record(json, record);
      file.separate("\n");
      last = record;
    } else {
      damage.cutOffAt(FilePlan.TWO_MIB, record, file);
      closeFile();
      // The upload broke off, and the next one began with what was missing.
      write(record, spelling.plain(record));
    }
  }

  private long bytesUntilCut() {
    return FilePlan.TWO_MIB - file.offset();
  }

  private void closeFile() throws IOException {
    RawFileWriter done = file;
    file = null;
    done.close();
  }
}
