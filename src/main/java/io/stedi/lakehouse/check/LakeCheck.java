package io.stedi.lakehouse.check;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.check.CheckReport.Finding;
import io.stedi.lakehouse.check.CheckReport.Result;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeMoment;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.MissingFiles;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.Planner;
import io.stedi.lakehouse.program.SqlFile;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.query.QueryCluster;
import io.stedi.lakehouse.records.RecordKind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is wrong with a lake: computes every derived table again from the landing tables,
 * by its own job and in batch, compares it with what is stored, and asks the queries in {@code
 * jobs/check}. Writes nothing.
 */
public final class LakeCheck {

  private static final Logger LOG = LoggerFactory.getLogger(LakeCheck.class);

  /**
   * The database of Flink's own catalog in which the derived tables are as they are stored. By
   * their bare names they are as the landing tables give them.
   */
  private static final String STORED = "stored";

  private static final String REJECTS = "rejected_landing";

  /** How many places of each finding are shown. */
  private static final int SHOWN = 3;

  /**
   * At how many moments something must be wrong while a stream writes: a table that had nothing to
   * commit for some checkpoints looks like one that was late.
   */
  private static final int MOMENTS = 3;

  private final Settings settings;
  private final Lake lake;
  private final SqlProgram program = SqlProgram.load();

  public LakeCheck(Settings settings, Lake lake) {
    this.settings = requireNonNull(settings, "settings");
    this.lake = requireNonNull(lake, "lake");
  }

  /**
   * Checks the lake.
   *
   * @param input the folder of raw files, to compare the landing tables with; null not to
   * @throws LakehouseException if it cannot be checked
   */
  public CheckReport run(URI input) {
    CheckReport report = once(input);
    for (int moment = 1; report.written() && !report.isClean() && moment < MOMENTS; moment++) {
      LOG.info("something is wrong while a run writes, looking again: {}", report);
      report = once(input);
    }
    return report;
  }

  private CheckReport once(URI input) {
    Set<String> names = program.tablesFilledBy(SqlProgram.RUN);
    LakeMoment moment = LakeMoment.of(lake, names);
    Map<String, Table> tables = moment.tables();
    if (tables.isEmpty()) {
      throw LakehouseException.usage(
          "The lake %s has no tables yet. Fill it with stedi run.".formatted(lake.describe()));
    }
    List<Result> results = new ArrayList<>();
    results.add(answered("tables", () -> missingTables(names, tables)));
    results.add(answered("key", this::wrongKey));
    results.add(answered("files", () -> missingFiles(moment)));
    if (results.stream().allMatch(result -> result.rows() == 0)) {
      results.addAll(ask(moment, input));
    } else {
      queries(input).map(LakeCheck::unasked).forEach(results::add);
    }
    return new CheckReport(results, moment.written(), settings.meaning());
  }

  private List<Finding> missingTables(Set<String> names, Map<String, Table> tables) {
    return names.stream()
        .filter(name -> !tables.containsKey(name))
        .map(name -> new Finding(name, "the table is missing", lake.describe()))
        .toList();
  }

  private List<Finding> wrongKey() {
    Optional<String> tied = Lease.keyFingerprint(lake);
    String given =
        settings
            .pseudonymKey()
            .fingerprint()
            .orElseThrow(
                () ->
                    LakehouseException.usage(
                        "The pseudonyms cannot be checked without the key. Give the one that the lake was written with, as for stedi run."));
    return tied.isEmpty() || tied.get().equals(given)
        ? List.of()
        : List.of(
            new Finding(
                "machine_learning_curated",
                "the key that is given is another",
                "fingerprint %s, the lake's is %s".formatted(given, tied.get())));
  }

  private static List<Finding> missingFiles(LakeMoment moment) {
    List<Finding> findings = new ArrayList<>();
    moment
        .tables()
        .forEach(
            (name, table) ->
                MissingFiles.of(table, moment.snapshots().get(name))
                    .forEach(file -> findings.add(new Finding(name, "a file is missing", file))));
    return findings;
  }

  /** The questions that are SQL, in order. */
  private Stream<SqlFile> queries(URI input) {
    return program.checks().values().stream()
        .filter(query -> input != null || !query.folder().equals(SqlProgram.CHECKS_OF_KINDS));
  }

  private static Result unasked(SqlFile check) {
    return new Result(check.name(), false, List.of(), Duration.ZERO);
  }

  private static Result answered(String check, Supplier<List<Finding>> asked) {
    long start = System.nanoTime();
    List<Finding> findings = asked.get();
    return new Result(check, true, findings, Duration.ofNanos(System.nanoTime() - start));
  }

  private List<Result> ask(LakeMoment moment, URI input) {
    try (QueryCluster cluster = QueryCluster.start(settings)) {
      TableEnvironment environment = environment(moment, input, cluster);
      List<Result> results = new ArrayList<>();
      Result columns = answered("columns", () -> wrongColumns(environment, moment.tables()));
      results.add(columns);
      queries(input)
          .map(
              check ->
                  columns.rows() > 0
                      ? unasked(check)
                      : answered(check.name(), () -> findings(environment, cluster, check, moment)))
          .forEach(results::add);
      return results;
    }
  }

  private List<Finding> findings(
      TableEnvironment environment, QueryCluster cluster, SqlFile check, LakeMoment moment) {
    List<Finding> findings = new ArrayList<>();
    for (Row row : rows(environment, cluster, first(check, moment))) {
      long place = row.<Long>getFieldAs(4);
      if (place == 1) {
        findings.add(
            new Finding(
                row.getFieldAs(0), row.getFieldAs(1), row.<Long>getFieldAs(3), new ArrayList<>()));
      }
      findings.get(findings.size() - 1).first().add(row.getFieldAs(2));
    }
    return findings;
  }

  /** The first places of each finding, with the number of rows of all of them. */
  private String first(SqlFile check, LakeMoment moment) {
    String findings =
        variables(check, moment).stream()
            .map(variables -> "SELECT * FROM (\n%s\n)".formatted(check.statement(variables)))
            .collect(Collectors.joining("\nUNION ALL\n"));
    return """
        SELECT table_name, finding, evidence, total, place
        FROM (
          SELECT
            *,
            SUM(number) OVER (PARTITION BY table_name, finding) AS total,
            ROW_NUMBER() OVER (PARTITION BY table_name, finding ORDER BY evidence) AS place
          FROM (
        %s
          )
        )
        WHERE place <= %d
        ORDER BY table_name, finding, place"""
        .formatted(findings, SHOWN);
  }

  /**
   * What a question is asked of, as its folder says: each derived table, each kind, or the lake.
   */
  private List<Map<String, String>> variables(SqlFile check, LakeMoment moment) {
    return switch (check.folder()) {
      case SqlProgram.CHECKS_OF_TABLES ->
          derived().stream().map(name -> variables(name, moment.tables().get(name))).toList();
      case SqlProgram.CHECKS_OF_KINDS ->
          Stream.of(RecordKind.values())
              .map(
                  kind ->
                      Map.of("kind", kind.tableName(), "written", String.valueOf(moment.written())))
              .toList();
      default -> List.of(Map.of());
    };
  }

  private List<Finding> wrongColumns(TableEnvironment environment, Map<String, Table> tables) {
    List<Finding> findings = new ArrayList<>();
    for (String name : derived()) {
      Set<String> made = new TreeSet<>(environment.from(name).getResolvedSchema().getColumnNames());
      Set<String> stored = new TreeSet<>();
      tables.get(name).schema().columns().forEach(column -> stored.add(column.name()));
      for (String column : made) {
        if (!stored.remove(column)) {
          findings.add(new Finding(name, "a column is missing", column));
        }
      }
      stored.forEach(
          column -> findings.add(new Finding(name, "a column that no job makes", column)));
    }
    return findings;
  }

  private static Map<String, String> variables(String name, Table table) {
    List<Types.NestedField> columns = table.schema().columns();
    List<Types.NestedField> key =
        columns.stream()
            .filter(column -> table.schema().identifierFieldIds().contains(column.fieldId()))
            .toList();
    return Map.of(
        "table", name,
        "columns", names(columns),
        "key", names(key),
        "evidence",
            key.stream()
                .map(LakeCheck::evidence)
                .collect(Collectors.joining(", ', ', ", "CONCAT(", ")")));
  }

  /** A column of a key with its value, which names nobody. */
  private static String evidence(Types.NestedField column) {
    String value = "CAST(`%s` AS STRING)";
    if (column.type().typeId() == Type.TypeID.STRING) {
      value =
          column.name().startsWith("device") ? "shown('device', `%s`)" : "shown('account', `%s`)";
    }
    return "'%s ', ".formatted(column.name()) + value.formatted(column.name());
  }

  private static String names(List<Types.NestedField> columns) {
    return columns.stream()
        .map(column -> "`%s`".formatted(column.name()))
        .collect(Collectors.joining(", "));
  }

  /** The tables that hold what raw files gave. */
  private Set<String> landed() {
    Set<String> landed = new TreeSet<>();
    for (RecordKind kind : RecordKind.values()) {
      landed.add(kind.tableName() + "_landing");
    }
    landed.add(REJECTS);
    return landed;
  }

  private Set<String> derived() {
    Set<String> derived = new LinkedHashSet<>(program.tablesFilledBy(SqlProgram.RUN));
    derived.removeAll(landed());
    return derived;
  }

  private TableEnvironment environment(LakeMoment moment, URI input, QueryCluster cluster) {
    Plan plan = new Planner(program, settings).check(input, landed(), moment.snapshots());
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    plan.configuration().forEach(configuration::setString);
    // What fails once fails again, and a restart would hide why.
    configuration.setString("restart-strategy.type", "none");
    TableEnvironment environment = cluster.environment(configuration);
    lake.register(Plan.CATALOG, environment);
    plan.define(environment);
    environment.executeSql("CREATE DATABASE `%s`".formatted(STORED));
    for (String table : derived()) {
      Plan.define(
          environment,
          "`%s`.`%s`".formatted(STORED, table),
          Plan.stored(lake.database(), table, moment.snapshots().get(table)));
    }
    return environment;
  }

  private static List<Row> rows(TableEnvironment environment, QueryCluster cluster, String query) {
    List<Row> rows = new ArrayList<>();
    try {
      TableResult answer = environment.executeSql(query);
      cluster.await(answer);
      try (CloseableIterator<Row> result = answer.collect()) {
        result.forEachRemaining(rows::add);
      }
    } catch (LakehouseException e) {
      throw e;
    } catch (Exception e) {
      throw Failures.explain("The lake cannot be checked", e);
    }
    return rows;
  }
}
