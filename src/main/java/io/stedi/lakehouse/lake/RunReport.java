package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code run_report}: what runs, passes of maintenance and erasures did, one row for each
 * table that they wrote. Kept for 400 days. It holds no personal data.
 *
 * @param run the id of the run, by which the log and the lease know it
 * @param command {@code run}, {@code prepare}, {@code maintain} or {@code forget}
 * @param mode {@code batch} or {@code streaming}; null if the command has none
 * @param settings those that decide what the tables hold
 * @param began when the run, or this part of a stream, began
 */
public record RunReport(
    String run, String command, String mode, Map<String, String> settings, Instant began) {

  /** The table's name. */
  public static final String NAME = "run_report";

  private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

  private static final Duration KEPT = Duration.ofDays(400);

  private static final Schema SCHEMA =
      new Schema(
          text(1, "run", "id of the run, as the log has it"),
          text(2, "command", "run, prepare, maintain or forget"),
          text(3, "mode", "batch or streaming, null if the command has none"),
          text(4, "version", "version of the program"),
          text(5, "settings", "the settings that decide what the tables hold"),
          text(6, "table_name", "the table that was written, null if none was"),
          number(7, "snapshot", "the table's current snapshot at the end"),
          number(8, "rows_written", "rows that were added; of a stream, since the report before"),
          text(9, "rejects", "fragments that were rejected, by reason; null if none were"),
          time(10, "first_commit", "the first commit to the table"),
          time(11, "last_commit", "the last commit to the table"),
          time(12, "began", "when the run, or this part of a stream, began"),
          time(13, "ended", "when it ended"),
          text(
              14,
              "outcome",
              "done, running, ended (a stream that was stopped or restarted), failed, or left if something is left to do"),
          text(15, "detail", "what else there is to say of the table or of the failure"));

  public RunReport {
    requireNonNull(run, "run");
    requireNonNull(command, "command");
    settings = Map.copyOf(settings);
    requireNonNull(began, "began");
  }

  /** How a run, or a part of it, ended. */
  public enum Outcome {
    /** All of it is done. */
    DONE,
    /** It goes on. */
    RUNNING,
    /** A stream was stopped, or began again after a failure. */
    ENDED,
    /** It failed. */
    FAILED,
    /** Something is left to do. */
    LEFT
  }

  /**
   * What became of a table.
   *
   * @param table the name; null if what is said is of none
   * @param snapshot the current one; null if there is none
   * @param rows that were added; null if none can be told
   * @param rejects by reason
   * @param first the time of the first commit; null if there was none
   * @param last the time of the last commit; null if there was none
   * @param detail null if there is nothing else to say
   */
  public record Part(
      String table,
      Long snapshot,
      Long rows,
      Map<String, Long> rejects,
      Instant first,
      Instant last,
      String detail) {

    /** What is said in words, of no table or of one whose rows were not counted. */
    public static Part of(String table, String detail) {
      return new Part(table, null, null, Map.of(), null, null, detail);
    }
  }

  /** The present, as the table holds times. */
  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Adds rows with one commit. What cannot be added is logged: it must not be what a run fails for.
   *
   * @param ended when the run, or this part of a stream, ended
   */
  public void add(Lake lake, Outcome outcome, List<Part> parts, Instant ended) {
    try {
      write(lake, outcome, parts.isEmpty() ? List.of(Part.of(null, null)) : parts, ended);
    } catch (RuntimeException | IOException e) {
      LOG.warn("run {} is not in the table {}", run, NAME, e);
    }
  }

  /** When the last part of a run ended that was reported; empty if none was. */
  public static Optional<Instant> lastOf(Lake lake, String run) {
    return lake.table(NAME)
        .flatMap(
            table -> {
              Instant last = null;
              try (CloseableIterable<Record> rows =
                  LiveRows.of(table, Expressions.equal("run", run), "ended")) {
                for (Record row : rows) {
                  Instant ended = ((OffsetDateTime) row.getField("ended")).toInstant();
                  last = last == null || ended.isAfter(last) ? ended : last;
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return Optional.ofNullable(last);
            });
  }

  private void write(Lake lake, Outcome outcome, List<Part> parts, Instant ended)
      throws IOException {
    Table table =
        lake.ensureTable(
            NAME,
            SCHEMA,
            PartitionSpec.builderFor(SCHEMA).month("ended").build(),
            Map.of("comment", "what runs did, one row for each table that they wrote"));
    List<Record> rows = parts.stream().map(part -> record(outcome, part, ended)).toList();
    OwnTable.append(table, rows);
    expire(table, ended);
  }

  /** Of whole months, whose files hold nothing else. */
  private static void expire(Table table, Instant now) throws IOException {
    OffsetDateTime first =
        now.minus(KEPT).atOffset(ZoneOffset.UTC).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
    Expression old = Expressions.lessThan("ended", first.toString());
    boolean any;
    try (CloseableIterable<FileScanTask> files = table.newScan().filter(old).planFiles()) {
      any = files.iterator().hasNext();
    }
    if (any) {
      table.newDelete().deleteFromRowFilter(old).commit();
    }
  }

  private Record record(Outcome outcome, Part part, Instant ended) {
    Record record = GenericRecord.create(SCHEMA);
    record.setField("run", run);
    record.setField("command", command);
    record.setField("mode", mode);
    record.setField("version", Version.NUMBER);
    record.setField("settings", listed(settings));
    record.setField("table_name", part.table());
    record.setField("snapshot", part.snapshot());
    record.setField("rows_written", part.rows());
    record.setField("rejects", part.rejects().isEmpty() ? null : listed(part.rejects()));
    record.setField("first_commit", utc(part.first()));
    record.setField("last_commit", utc(part.last()));
    record.setField("began", utc(began));
    record.setField("ended", utc(ended));
    record.setField("outcome", outcome.name().toLowerCase(Locale.ROOT));
    record.setField("detail", part.detail());
    return record;
  }

  private static OffsetDateTime utc(Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }

  private static String listed(Map<String, ?> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  /** All rows, for whoever shows them; empty if there is no such table. */
  public static List<Record> read(Lake lake) {
    return lake.table(NAME)
        .map(
            table -> {
              try (CloseableIterable<Record> rows = LiveRows.of(table, table.schema())) {
                return List.copyOf(StreamSupport.stream(rows.spliterator(), false).toList());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .orElse(List.of());
  }

  private static Types.NestedField text(int id, String name, String doc) {
    return Types.NestedField.optional(id, name, Types.StringType.get(), doc);
  }

  private static Types.NestedField number(int id, String name, String doc) {
    return Types.NestedField.optional(id, name, Types.LongType.get(), doc);
  }

  private static Types.NestedField time(int id, String name, String doc) {
    return Types.NestedField.optional(id, name, Types.TimestampType.withZone(), doc);
  }
}
