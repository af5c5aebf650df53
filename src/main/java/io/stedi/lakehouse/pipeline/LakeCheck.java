package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeMoment;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.MissingFiles;
import io.stedi.lakehouse.records.RecordKind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.AggregatePhaseStrategy;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is wrong with a lake: makes every derived table anew from the landing tables, by
 * its own job and in batch, compares it with what is stored, and asks the queries in {@code
 * jobs/check}. Writes nothing.
 */
public final class LakeCheck {

  private static final Logger LOG = LoggerFactory.getLogger(LakeCheck.class);

  /** The database of Flink's own catalog in which the tables are as they are stored. */
  private static final String STORED = "stored";

  /**
   * The one in which they are as their jobs make them of what is stored, for the screens. The other
   * checks find them by their bare names, as the landing tables give them.
   */
  private static final String MADE = "made";

  private static final String REJECTS = "rejected_landing";

  /** By which a screen tells of a check as a whole. */
  private static final String ALL = "all";

  /** How many places of each finding are shown. */
  private static final int SHOWN = 3;

  /**
   * At how many moments something must be wrong while a stream writes: a table that had nothing to
   * commit for some checkpoints looks like one that was late.
   */
  private static final int MOMENTS = 3;

  private final Settings settings;
  private final Lake lake;
  private final boolean screened;
  private final SqlProgram program = SqlProgram.load();

  public LakeCheck(Settings settings, Lake lake) {
    this(settings, lake, true);
  }

  /**
   * Makes a check.
   *
   * @param screened whether only that is asked of each row which the screens do not clear
   */
  LakeCheck(Settings settings, Lake lake, boolean screened) {
    this.settings = requireNonNull(settings, "settings");
    this.lake = requireNonNull(lake, "lake");
    this.screened = screened;
  }

  /**
   * Something that is wrong with a table.
   *
   * @param rows how many rows it concerns
   * @param first where some of them are, without personal data
   */
  public record Finding(String table, String what, long rows, List<String> first) {

    Finding(String table, String what, String where) {
      this(table, what, 1, List.of(where));
    }
  }

  /**
   * What a check found.
   *
   * @param says what holds if it found nothing
   * @param asked whether it was asked: some cannot be where another found something
   * @param took how long it took; what several were asked in one is shared equally
   */
  public record Result(
      String check, String says, boolean asked, List<Finding> findings, Duration took) {

    Result tookAlso(Duration more) {
      return new Result(check, says, asked, findings, took.plus(more));
    }

    /** How many rows are wrong. */
    public long rows() {
      return findings.stream().mapToLong(Finding::rows).sum();
    }
  }

  /**
   * What all checks found.
   *
   * @param meaning the settings by which the tables were made anew
   */
  public record Report(List<Result> results, boolean written, Map<String, String> meaning) {

    /** Whether nothing is wrong, as far as was asked. */
    public boolean isClean() {
      return results.stream().allMatch(result -> result.rows() == 0);
    }
  }

  /**
   * Checks the lake.
   *
   * @param input the folder of raw files, to compare the landing tables with; null not to
   * @throws LakehouseException if it cannot be checked
   */
  public Report run(URI input) {
    Report report = once(input);
    for (int moment = 1; report.written() && !report.isClean() && moment < MOMENTS; moment++) {
      LOG.info("something is wrong while a run writes, looking again: {}", report);
      report = once(input);
    }
    return report;
  }

  private Report once(URI input) {
    Set<String> names = program.tablesFilledBy(SqlProgram.RUN);
    LakeMoment moment = LakeMoment.of(lake, names);
    Map<String, Table> tables = moment.tables();
    if (tables.isEmpty()) {
      throw LakehouseException.usage(
          "The lake %s has no tables yet. Fill it with stedi run.".formatted(lake.describe()));
    }
    List<Result> results = new ArrayList<>();
    results.add(
        answered(
            "tables",
            "Every table is there.",
            () ->
                names.stream()
                    .filter(name -> !tables.containsKey(name))
                    .map(name -> new Finding(name, "the table is missing", lake.describe()))
                    .toList()));
    results.add(
        answered(
            "key", "The pseudonym key is the one that the lake was written with.", this::wrongKey));
    results.add(
        answered(
            "files", "Every file that the tables refer to is there.", () -> missingFiles(moment)));
    boolean readable = results.stream().allMatch(result -> result.rows() == 0);
    results.addAll(readable ? ask(moment, input) : queries(input).map(LakeCheck::unasked).toList());
    return new Report(results, moment.written(), meaning());
  }

  private Map<String, String> meaning() {
    Map<String, String> meaning = new TreeMap<>();
    for (Setting setting :
        List.of(
            Setting.CONSENT_FROM_DATE,
            Setting.MACHINE_LEARNING_MATCH,
            Setting.MACHINE_LEARNING_TOLERANCE)) {
      meaning.put(setting.key(), settings.get(setting));
    }
    return meaning;
  }

  private List<Finding> wrongKey() {
    Optional<String> tied = Lease.keyFingerprint(lake);
    String given =
        Pipeline.key(settings)
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

  /** The checks that are made by a query, in order. */
  private Stream<SqlFile> queries(URI input) {
    return asked(program.checks(), input);
  }

  private static Stream<SqlFile> asked(Map<String, SqlFile> queries, URI input) {
    return queries.values().stream().filter(query -> input != null || !isOfRawFiles(query));
  }

  private static boolean isOfRawFiles(SqlFile query) {
    return query.text().contains("${kind}");
  }

  private static boolean isOfTables(SqlFile query) {
    return query.text().contains("${table}");
  }

  private static Result unasked(SqlFile check) {
    return new Result(check.name(), says(check), false, List.of(), Duration.ZERO);
  }

  private static Result answered(String check, String says, Supplier<List<Finding>> asked) {
    long start = System.nanoTime();
    List<Finding> findings = asked.get();
    return new Result(check, says, true, findings, Duration.ofNanos(System.nanoTime() - start));
  }

  /** What a check says is its first comment, as far as an empty line. */
  private static String says(SqlFile check) {
    return check
        .text()
        .lines()
        .takeWhile(line -> line.startsWith("-- "))
        .map(line -> line.substring(3).strip())
        .collect(Collectors.joining(" "));
  }

  private List<Result> ask(LakeMoment moment, URI input) {
    try (QueryCluster cluster = QueryCluster.start(settings)) {
      Set<String> sources = sources(input);
      TableEnvironment environment =
          environment(
              Selection.screen(program, derived(), moment.snapshots(), sources), input, cluster);
      List<Result> results = new ArrayList<>();
      Result columns =
          answered(
              "columns",
              "Every derived table has the columns that its job makes.",
              () -> wrongColumns(environment, moment.tables()));
      results.add(columns);
      if (columns.rows() > 0) {
        queries(input).map(LakeCheck::unasked).forEach(results::add);
        return results;
      }
      Screening screening =
          screened ? screening(environment, moment, input, cluster) : new Screening();
      // Planned only if there is something to look for.
      TableEnvironment exact = null;
      for (SqlFile check : queries(input).toList()) {
        List<Subject> suspects =
            subjects(check, moment).stream().filter(of -> !screening.isClean(check, of)).toList();
        if (!suspects.isEmpty() && exact == null) {
          exact =
              environment(
                  Selection.check(program, landed(), moment.snapshots(), sources), input, cluster);
        }
        TableEnvironment asked = exact;
        Result result =
            answered(
                check.name(),
                says(check),
                () -> suspects.isEmpty() ? List.of() : findings(asked, check, suspects));
        results.add(result.tookAlso(screening.share(check)));
      }
      return results;
    }
  }

  /** What the screens say. */
  private static final class Screening {

    /** Of a check: what it need not be asked of, or {@link #ALL}. */
    private final Map<String, Set<String>> clean = new TreeMap<>();

    /** Of a check: the time of its screen, as a part of that which others share. */
    private final Map<String, Duration> shares = new TreeMap<>();

    /**
     * Takes the answer of a screen.
     *
     * @param took how long it took from the answer of the screen before it
     */
    void add(List<Row> answer, Duration took) {
      Set<String> checks = new TreeSet<>();
      for (Row row : answer) {
        String check = row.getFieldAs(0);
        checks.add(check);
        if (Boolean.FALSE.equals(row.getField(2))) {
          clean.computeIfAbsent(check, any -> new TreeSet<>()).add(row.getFieldAs(1));
        }
      }
      checks.forEach(check -> shares.put(check, took.dividedBy(checks.size())));
    }

    /** Whether nothing is wrong with a subject, nor with what it is made of. */
    boolean isClean(SqlFile check, Subject of) {
      Set<String> subjects = clean.getOrDefault(check.name(), Set.of());
      return subjects.contains(ALL) || subjects.containsAll(of.parts());
    }

    Duration share(SqlFile check) {
      return shares.getOrDefault(check.name(), Duration.ZERO);
    }
  }

  /**
   * A screen as it is asked.
   *
   * @param ofTables whether it groups the rows of derived tables, by their keys
   */
  private record Screen(String query, boolean ofTables) {

    /**
     * Sends it on its way. Nearly every row of a derived table has a key of its own, so to
     * aggregate before the shuffle is in vain, and what is aggregated behind a union is handed on
     * once more.
     */
    TableResult execute(TableEnvironment environment) {
      TableConfig config = environment.getConfig();
      AggregatePhaseStrategy usual =
          config.get(OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY);
      if (ofTables) {
        config.set(
            OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY,
            AggregatePhaseStrategy.ONE_PHASE);
      }
      TableResult answer = LakeCheck.execute(environment, query);
      config.set(OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY, usual);
      return answer;
    }
  }

  /**
   * Asks the screens: each is planned while the one before runs, and takes the slots it leaves. The
   * shortest comes first, as while it is planned nothing runs.
   */
  private Screening screening(
      TableEnvironment environment, LakeMoment moment, URI input, QueryCluster cluster) {
    Screening screening = new Screening();
    Iterator<Screen> screens =
        asked(program.screens(), input)
            .map(query -> new Screen(union(query, subjects(query, moment)), isOfTables(query)))
            .sorted(Comparator.comparingInt(screen -> screen.query().length()))
            .iterator();
    long before = System.nanoTime();
    TableResult answer = screens.next().execute(environment);
    while (answer != null) {
      TableResult next = screens.hasNext() ? screens.next().execute(environment) : null;
      cluster.await(answer);
      List<Row> rows = rows(answer);
      long now = System.nanoTime();
      screening.add(rows, Duration.ofNanos(now - before));
      before = now;
      answer = next;
    }
    return screening;
  }

  private List<Finding> findings(
      TableEnvironment environment, SqlFile check, List<Subject> subjects) {
    List<Finding> findings = new ArrayList<>();
    for (Row row : rows(execute(environment, first(union(check, subjects))))) {
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

  private String union(SqlFile query, List<Subject> subjects) {
    return subjects.stream()
        .map(
            of ->
                "SELECT * FROM (\n%s\n)"
                    .formatted(
                        new SqlFile(query.folder(), query.name(), query.statement(of.variables()))
                            .expanded(program.expressions())
                            .text()))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private List<Finding> wrongColumns(TableEnvironment environment, Map<String, Table> tables) {
    List<Finding> findings = new ArrayList<>();
    for (String name : derived()) {
      Set<String> made =
          new TreeSet<>(
              environment
                  .from("`%s`.`%s`".formatted(MADE, name))
                  .getResolvedSchema()
                  .getColumnNames());
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

  /** The first places of each finding, with the number of rows of all of them. */
  private static String first(String union) {
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
        .formatted(union, SHOWN);
  }

  /**
   * What a query is asked of.
   *
   * @param parts what has to be clean for it to be so, by the names by which a screen tells them:
   *     of a table, this and those that it is made of
   * @param variables what it is in the queries
   */
  private record Subject(Set<String> parts, Map<String, String> variables) {}

  /** Every derived table, every kind of raw files, or all at once. */
  private List<Subject> subjects(SqlFile query, LakeMoment moment) {
    if (isOfRawFiles(query)) {
      return Stream.of(RecordKind.values())
          .map(RecordKind::tableName)
          .map(
              kind ->
                  new Subject(
                      Set.of(kind),
                      Map.of("kind", kind, "written", String.valueOf(moment.written()))))
          .toList();
    }
    return isOfTables(query)
        ? derived().stream()
            .map(name -> new Subject(withMadeOf(name), variables(name, moment.tables().get(name))))
            .toList()
        : List.of(new Subject(derived(), Map.of()));
  }

  /** A derived table and those that it is made of, by whatever ways. */
  private Set<String> withMadeOf(String table) {
    Set<String> tables = program.madeOf(program.jobs().get(table));
    tables.retainAll(derived());
    tables.add(table);
    return tables;
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
                .map(
                    column ->
                        "'%s ', %s"
                            .formatted(
                                column.name(),
                                (column.type().typeId() == Type.TypeID.STRING
                                        ? "${shown(`%s`)}"
                                        : "CAST(`%s` AS STRING)")
                                    .formatted(column.name())))
                .collect(Collectors.joining(", ', ', ", "CONCAT(", ")")));
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

  private static Set<String> sources(URI input) {
    return input == null
        ? Set.of()
        : Stream.of(RecordKind.values())
            .map(kind -> kind.tableName() + "_raw")
            .collect(Collectors.toSet());
  }

  private TableEnvironment environment(Selection selection, URI input, QueryCluster cluster) {
    Plan plan =
        new Planner(program, settings)
            .plan(
                RunMode.BATCH,
                input == null ? Map.of() : FileVariables.of(input, settings.fileKinds()),
                selection);
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    plan.configuration().forEach(configuration::setString);
    // What fails once fails again, and a restart would hide why.
    configuration.setString("restart-strategy.type", "none");
    cluster.target(configuration);
    TableEnvironment environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(configuration).build());
    lake.register(Plan.CATALOG, environment);
    plan.define(environment);
    environment.executeSql("CREATE DATABASE `%s`".formatted(STORED));
    for (String table : derived()) {
      Plan.define(
          environment,
          "`%s`.`%s`".formatted(STORED, table),
          Plan.stored(lake.database(), table, selection.snapshots().get(table)));
    }
    environment.executeSql("CREATE DATABASE `%s`".formatted(MADE));
    plan.anew()
        .forEach(
            (table, query) -> Plan.define(environment, "`%s`.`%s`".formatted(MADE, table), query));
    return environment;
  }

  /** Sends a query on its way. */
  private static TableResult execute(TableEnvironment environment, String query) {
    try {
      return environment.executeSql(query);
    } catch (TableException | ValidationException e) {
      throw Failures.explain("The lake cannot be checked", e);
    } catch (RuntimeException e) {
      throw Failures.explain("The check failed", e);
    }
  }

  /** Waits for an answer. */
  private static List<Row> rows(TableResult answer) {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> result = answer.collect()) {
      result.forEachRemaining(rows::add);
    } catch (Exception e) {
      throw Failures.explain("The check failed", e);
    }
    return rows;
  }
}
