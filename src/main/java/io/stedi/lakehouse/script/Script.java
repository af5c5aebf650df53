package io.stedi.lakehouse.script;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.Planner;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.program.SqlProgram;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

/** Prints a run as a script that Flink's own SQL client runs. */
public final class Script {

  private Script() {}

  /**
   * The complete script.
   *
   * @param input the folder of raw files
   * @param only the tables to fill; empty for all
   * @param shown variables of the settings whose values may be shown; the catalog's others, which
   *     may be secrets, stay as {@code ${NAME}}
   * @throws LakehouseException if there is no such table
   */
  public static String of(
      Settings settings, RunMode mode, URI input, Set<String> only, Map<String, String> shown) {
    Plan plan = new Planner(SqlProgram.load(), settings).run(mode, input, only);
    String database = settings.get(Setting.DATABASE);
    List<String> statements = new ArrayList<>();
    Map<String, String> configuration = new TreeMap<>(settings.flinkConfiguration());
    configuration.putAll(plan.configuration());
    configuration.putAll(
        new Configuration()
            .set(PipelineOptions.GLOBAL_JOB_PARAMETERS, settings.shownJobParameters(shown))
            .toMap());
    boolean replacing = plan.mode() == RunMode.BATCH;
    if (replacing) {
      // What is published must have been written.
      configuration.put("table.dml-sync", "true");
    }
    configuration.forEach(
        (key, value) -> statements.add("SET '%s' = '%s'".formatted(key, quoted(value))));
    statements.add(
        "CREATE CATALOG `%s` WITH (\n  'type' = '%s',\n  'default-database' = '%s',\n%s\n)"
            .formatted(
                Plan.CATALOG,
                ScriptCatalogFactory.IDENTIFIER,
                database,
                properties(settings.shownCatalogProperties(shown))));
    statements.add("CREATE DATABASE IF NOT EXISTS `%s`.`%s`".formatted(Plan.CATALOG, database));
    statements.add("USE CATALOG `%s`".formatted(Plan.CATALOG));
    statements.add("USE `%s`".formatted(database));
    statements.addAll(plan.tables());
    statements.add("USE CATALOG `default_catalog`");
    statements.addAll(plan.definingStatements());
    statements.add(
        "CALL `%s`.`%s`.`%s`('%s', '%s')"
            .formatted(
                Plan.CATALOG,
                database,
                replacing ? ScriptCatalog.BEGIN_REPLACE : ScriptCatalog.BEGIN_APPEND,
                String.join(",", plan.targets()),
                plan.command()));
    statements.add(
        plan.targets().stream()
            .map(table -> Plan.insert(database, table, null) + ";\n")
            .collect(Collectors.joining("\n", "EXECUTE STATEMENT SET\nBEGIN\n\n", "\nEND")));
    if (replacing) {
      statements.add(
          "CALL `%s`.`%s`.`%s`()".formatted(Plan.CATALOG, database, ScriptCatalog.PUBLISH));
    }
    return statements.stream()
        .map(statement -> statement + ";\n")
        .collect(Collectors.joining("\n"));
  }

  private static String properties(Map<String, String> properties) {
    return new TreeMap<>(properties)
        .entrySet().stream()
            .map(entry -> "  '%s' = '%s'".formatted(entry.getKey(), quoted(entry.getValue())))
            .collect(Collectors.joining(",\n"));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }
}
