package io.stedi.lakehouse.program;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeMoment;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableEnvironment;

/**
 * What a run executes, statement by statement, in order. No statement holds a secret.
 *
 * @param command the command that it is of, which tables that several commands fill tell their rows
 *     by
 * @param mode how the job is run
 * @param configuration Flink settings that the statements rely on
 * @param meaning the settings that decide what the tables hold, and whether a stream ends: what a
 *     streaming job that goes on has in common with the one before it
 * @param input the folder of raw files; null if none is read
 * @param tables {@code CREATE TABLE} of every table of the lake
 * @param definitions functions, raw sources and the folders of raw files to fill
 * @param views the query of each view by its name, each before its readers
 * @param targets the tables that the statement set fills, in the order of their jobs
 * @param outputs the folders of raw files that it fills
 */
public record Plan(
    String command,
    RunMode mode,
    Map<String, String> configuration,
    Map<String, String> meaning,
    String input,
    List<String> tables,
    List<String> definitions,
    Map<String, String> views,
    List<String> targets,
    List<String> outputs) {

  /**
   * The Flink catalog that holds the lake; named as the lake itself, so that the script finds it.
   */
  public static final String CATALOG = Lake.NAME;

  /** The database of Flink's own catalog that the folders of raw files are tables of. */
  static final String OUTPUT = "output";

  /** Registers all that is defined in Flink's own catalog, views last. */
  public void define(TableEnvironment environment) {
    definitions.forEach(environment::executeSql);
    views.forEach((name, query) -> define(environment, "`%s`".formatted(name), query));
  }

  /**
   * Registers a view, as what the planner makes of its query. Of a view that is created by its text
   * it parses and validates that of all views below it again, wherever it is read.
   *
   * @param path the view's name as SQL writes it
   */
  public static void define(TableEnvironment environment, String path, String query) {
    environment.createTemporaryView(path, environment.sqlQuery(query));
  }

  /** The statements that do what {@link #define(TableEnvironment)} does. */
  public List<String> definingStatements() {
    return Stream.concat(
            definitions.stream(),
            views.entrySet().stream()
                .map(
                    view ->
                        "CREATE TEMPORARY VIEW `%s` AS\n%s"
                            .formatted(view.getKey(), view.getValue())))
        .toList();
  }

  /**
   * The statement that fills a table from the view of its name.
   *
   * @param branch the Iceberg branch to write to, or null for the table's current content
   */
  public static String insert(String database, String table, String branch) {
    String hint = branch == null ? "" : " /*+ OPTIONS('branch' = '%s') */".formatted(branch);
    return "INSERT INTO `%s`.`%s`.`%s`%s\nSELECT * FROM `%s`"
        .formatted(CATALOG, database, table, hint, table);
  }

  /**
   * A query of all that a table of the lake holds.
   *
   * @param snapshot the snapshot's id, {@link LakeMoment#EMPTY} for what a table without any holds;
   *     null for the current one
   */
  public static String stored(String database, String table, Long snapshot) {
    String from = "SELECT * FROM `%s`.`%s`.`%s`".formatted(CATALOG, database, table);
    if (snapshot == null) {
      return from;
    }
    return snapshot == LakeMoment.EMPTY
        ? from + " WHERE FALSE"
        : "%s /*+ OPTIONS('snapshot-id' = '%d') */".formatted(from, snapshot);
  }

  /** The statement that fills a folder of raw files from the view of its name. */
  public static String output(String name) {
    return "INSERT INTO `%s`.`%s`\nSELECT * FROM `%s`".formatted(OUTPUT, name, name);
  }
}
