package io.stedi.lakehouse.query;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.TableContent;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.program.SqlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Runs queries on the tables of a lake, each on these as they are when it starts. */
public final class LakeQuery implements AutoCloseable {

  private static final Set<String> READING =
      Set.of("SELECT", "WITH", "VALUES", "SHOW", "DESCRIBE", "DESC", "EXPLAIN");

  /** The columns' names that SQL has another use for. */
  private static final List<String> RESERVED_COLUMNS = List.of("timestamp", "user");

  /** How Flink's parser begins what it says. */
  private static final Pattern SYNTAX =
      Pattern.compile("Encountered \"(.*?)\" at line (\\d+), column (\\d+)");

  private final Settings settings;
  private final Lake lake;

  /** What runs the queries; null if Flink starts something for each. */
  private final QueryCluster cluster;

  /** For a query, or a few: each brings the cluster that runs it. */
  public LakeQuery(Settings settings, Lake lake) {
    this(settings, lake, null);
  }

  private LakeQuery(Settings settings, Lake lake, QueryCluster cluster) {
    this.settings = requireNonNull(settings, "settings");
    this.lake = requireNonNull(lake, "lake");
    this.cluster = cluster;
  }

  /**
   * For many queries: one cluster, in this process, runs them all until this is closed.
   *
   * @throws LakehouseException if it cannot be started
   */
  public static LakeQuery onOneCluster(Settings settings, Lake lake) {
    return new LakeQuery(settings, lake, QueryCluster.start(settings));
  }

  /** Stops what runs the queries, if it is shared. */
  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /**
   * Starts a query. Tables go by their bare names; identifiers may be quoted by backticks or, as in
   * Athena, by double quotes.
   *
   * @throws LakehouseException if the text is not one statement that only reads
   */
  public Result run(String sql) {
    SqlText text = SqlText.of(sql).withoutEnd();
    String statement = text.withBackticks().toString();
    String verb = text.verb();
    if (!READING.contains(verb)) {
      throw LakehouseException.usage(
          "query only reads: a statement starts with one of %s. Tables are changed by stedi run."
              .formatted(String.join(", ", READING.stream().sorted().toList())));
    }
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    configuration.setString("execution.runtime-mode", "batch");
    configuration.setString("table.local-time-zone", "UTC");
    // What fails once fails again, and a restart would hide why.
    configuration.setString("restart-strategy.type", "none");
    settings
        .parallelism()
        .ifPresent(tasks -> configuration.setString("parallelism.default", String.valueOf(tasks)));
    TableEnvironment environment =
        cluster == null
            ? TableEnvironment.create(
                EnvironmentSettings.newInstance().withConfiguration(configuration).build())
            : cluster.environment(configuration);
    lake.register(Plan.CATALOG, environment);
    environment.useCatalog(Plan.CATALOG);
    if (!List.of(environment.listDatabases()).contains(lake.database())) {
      throw LakehouseException.usage(
          "The lake has no database %s yet. Fill it with stedi run.".formatted(lake.database()));
    }
    environment.useDatabase(lake.database());
    try {
      TableResult result = environment.executeSql(statement);
      return new Result(result.getResolvedSchema().getColumnNames(), result.collect());
    } catch (RuntimeException e) {
      Matcher syntax = SYNTAX.matcher(Causes.summary(e));
      throw syntax.lookingAt()
          ? LakehouseException.usage(syntaxError(environment, text, syntax), e)
          : LakehouseException.usage(
              "The query cannot be run: %s. The tables are: %s."
                  .formatted(
                      Causes.summary(e).replaceAll("\\.$", ""),
                      String.join(", ", environment.listTables())),
              e);
    }
  }

  /** Says in a line what Flink's parser says in three thousand characters, and how to mend it. */
  private static String syntaxError(TableEnvironment environment, SqlText sql, Matcher syntax) {
    String error =
        "The query cannot be read at line %s, column %s, from '%s' on."
            .formatted(syntax.group(2), syntax.group(3), syntax.group(1));
    SqlText quoted = sql.withQuoted(RESERVED_COLUMNS);
    return !quoted.equals(sql) && isSyntax(environment, quoted.withBackticks().toString())
        ? "%s %s are reserved words; as columns they are quoted: %s"
            .formatted(error, String.join(" and ", RESERVED_COLUMNS), quoted)
        : error;
  }

  private static boolean isSyntax(TableEnvironment environment, String statement) {
    try {
      environment.explainSql(statement);
      return true;
    } catch (RuntimeException e) {
      return !SYNTAX.matcher(Causes.summary(e)).lookingAt();
    }
  }

  /** The published queries, by name, as they are run in Athena. */
  public static Map<String, String> published() {
    Map<String, String> queries = new TreeMap<>();
    SqlProgram.load().queries().forEach((name, file) -> queries.put(name, file.text()));
    return queries;
  }

  /** Runs a query to its end and says how large what it reads is. Fails as {@link #run} does. */
  public Measured measured(String sql) {
    List<Row> rows = new ArrayList<>();
    try (Result result = run(sql)) {
      result.rows().forEachRemaining(rows::add);
      long bytes =
          SqlText.of(sql).tables().stream()
              .filter(SqlProgram.load().tables()::containsKey)
              .flatMap(name -> lake.table(name).stream())
              .mapToLong(table -> TableContent.of(table).bytes())
              .sum();
      return new Measured(result.columns(), rows, bytes);
    }
  }

  /**
   * The result of a query with its cost.
   *
   * @param columns the columns' names
   * @param bytes the size of the tables that it reads; what it has to read of them is at most that
   */
  public record Measured(List<String> columns, List<Row> rows, long bytes) {}

  /**
   * The rows of a query, read as they are asked for.
   *
   * @param columns the columns' names
   * @param source the rows; closing the result closes them
   */
  public record Result(List<String> columns, CloseableIterator<Row> source)
      implements AutoCloseable {

    /** The rows; fails with a {@link LakehouseException} if reading does. */
    public Iterator<Row> rows() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          try {
            return source.hasNext();
          } catch (RuntimeException e) {
            String message = "The query failed: " + Causes.summary(e);
            throw Causes.root(e) instanceof IOException
                ? LakehouseException.system(message, e)
                : LakehouseException.usage(message, e);
          }
        }

        @Override
        public Row next() {
          return source.next();
        }
      };
    }

    @Override
    public void close() {
      try {
        source.close();
      } catch (Exception e) {
        throw LakehouseException.system("Cannot end the query: " + Causes.summary(e), e);
      }
    }
  }
}
