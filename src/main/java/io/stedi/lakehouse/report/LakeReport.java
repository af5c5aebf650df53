package io.stedi.lakehouse.report;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.check.CheckReport;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.maintain.Maintenance;
import io.stedi.lakehouse.program.SqlFile;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.query.LakeQuery;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/**
 * What a report shows.
 *
 * @param lake in words
 * @param made when it was made
 * @param fingerprint of the key that the lake is tied to; empty if it is tied to none
 * @param runs the newest first
 * @param flow where the rows of each table come from
 * @param tables the tables that there are, by name
 * @param answers the queries of {@code jobs/report}
 * @param forgotten how many accounts are forgotten
 * @param pending how many of these are not yet done with
 * @param check null if the lake was not checked
 */
record LakeReport(
    String lake,
    Instant made,
    String fingerprint,
    List<Run> runs,
    Map<String, Set<String>> flow,
    SortedMap<String, Content> tables,
    List<Answer> answers,
    long forgotten,
    long pending,
    CheckReport check) {

  private static final int RUNS = 30;

  /**
   * A run, or a part of a stream, as {@code run_report} has it.
   *
   * @param rows that were written; of a stream, by this part
   */
  record Run(
      Instant ended,
      Instant began,
      String command,
      String mode,
      String version,
      String settings,
      String outcome,
      int tables,
      long rows) {}

  /**
   * A table.
   *
   * @param health its files and snapshots
   * @param rows that a reader gets
   * @param committed when its content last changed; null if it never did
   * @param columns with their types, the key's marked
   */
  record Content(Maintenance.Result health, long rows, Instant committed, List<Column> columns) {}

  /** A column of a table. */
  record Column(String name, String type, String doc, boolean key) {}

  /** The answer to a query. */
  record Answer(String title, boolean chart, List<String> columns, List<List<String>> rows) {}

  /**
   * Looks at a lake.
   *
   * @param check null if it was not checked
   * @throws LakehouseException if it has no tables yet, or cannot be read
   */
  static LakeReport of(Settings settings, Lake lake, CheckReport check) {
    requireNonNull(settings, "settings");
    SqlProgram program = SqlProgram.load();
    SortedMap<String, Content> tables = new TreeMap<>();
    List<String> names = List.copyOf(program.tables().keySet());
    List<Answer> answers = new ArrayList<>();
    try (LakeQuery queries = LakeQuery.onOneCluster(settings, lake)) {
      Map<String, Long> rows = new LinkedHashMap<>();
      for (Row row : queries.measured(count(lake, names)).rows()) {
        rows.put(row.getFieldAs(0), row.getFieldAs(1));
      }
      for (Maintenance.Result health : new Maintenance(lake, settings.maintenance()).look(names)) {
        Table table = lake.table(health.table()).orElseThrow();
        tables.put(
            health.table(),
            new Content(
                health,
                rows.getOrDefault(health.table(), 0L),
                table.currentSnapshot() == null
                    ? null
                    : Instant.ofEpochMilli(table.currentSnapshot().timestampMillis()),
                columns(table)));
      }
      for (SqlFile query : program.reports().values()) {
        answers.add(answer(query, queries.measured(query.text())));
      }
    }
    List<ForgottenTable.Entry> forgotten =
        ForgottenTable.read(lake).values().stream()
            .filter(entry -> entry.what().equals(ForgottenTable.ACCOUNT))
            .toList();
    return new LakeReport(
        lake.describe(),
        Instant.now(),
        Lease.keyFingerprint(lake).orElse(""),
        runs(RunReport.read(lake)),
        program.flow(),
        tables,
        answers,
        forgotten.size(),
        forgotten.stream().filter(entry -> entry.done() == null).count(),
        check);
  }

  private static String count(Lake lake, List<String> names) {
    List<String> counts = new ArrayList<>();
    for (Table table : lake.tables(names)) {
      String name = Lake.nameOf(table);
      counts.add("SELECT '%s' AS name, COUNT(*) AS table_rows FROM %s".formatted(name, name));
    }
    if (counts.isEmpty()) {
      throw LakehouseException.usage(
          "The lake %s has no tables yet. Fill it with stedi run.".formatted(lake.describe()));
    }
    return String.join(" UNION ALL ", counts);
  }

  private static List<Column> columns(Table table) {
    Set<String> key = table.schema().identifierFieldNames();
    List<Column> columns = new ArrayList<>();
    for (Types.NestedField field : table.schema().columns()) {
      columns.add(
          new Column(
              field.name(),
              field.type().toString(),
              Optional.ofNullable(field.doc()).orElse(""),
              key.contains(field.name())));
    }
    return columns;
  }

  private static Answer answer(SqlFile query, LakeQuery.Measured answer) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : answer.rows()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.getArity(); i++) {
        cells.add(row.getField(i) == null ? "" : String.valueOf(row.getField(i)));
      }
      rows.add(cells);
    }
    return new Answer(
        words(query.name()), query.folder().equals(SqlProgram.CHARTS), answer.columns(), rows);
  }

  /** A name as words. */
  static String words(String name) {
    String words = name.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static List<Run> runs(List<Record> rows) {
    Map<String, Run> runs = new LinkedHashMap<>();
    for (Record row : rows) {
      Instant ended = ((OffsetDateTime) row.getField("ended")).toInstant();
      Long written = (Long) row.getField("rows_written");
      runs.merge(
          row.getField("run") + " " + ended,
          new Run(
              ended,
              ((OffsetDateTime) row.getField("began")).toInstant(),
              (String) row.getField("command"),
              Optional.ofNullable((String) row.getField("mode")).orElse(""),
              (String) row.getField("version"),
              (String) row.getField("settings"),
              (String) row.getField("outcome"),
              row.getField("table_name") == null ? 0 : 1,
              written == null ? 0 : written),
          (a, b) ->
              new Run(
                  a.ended,
                  a.began,
                  a.command,
                  a.mode,
                  a.version,
                  a.settings,
                  a.outcome,
                  a.tables + b.tables,
                  a.rows + b.rows));
    }
    return runs.values().stream()
        .sorted(Comparator.comparing(Run::ended).reversed())
        .limit(RUNS)
        .toList();
  }
}
