package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;
import static org.apache.iceberg.expressions.Expressions.alwaysTrue;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.lake.TableContent;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.iceberg.Table;

/** Runs the program: raw files in, all tables out, as one Flink job. */
public final class Pipeline {

  private static final String UNDECLARED = "undeclared_fields";
  private static final String UNUSABLE = "unusable_values";
  private static final String REASON = "reason";
  private static final String ACCOUNT = "account";
  private static final String TRUSTED = "customer_trusted";
  private static final String COPIES = "copies";

  private final SqlProgram program = SqlProgram.load();
  private final Settings settings;
  private final Lake lake;

  public Pipeline(Settings settings, Lake lake) {
    this.settings = requireNonNull(settings, "settings");
    this.lake = requireNonNull(lake, "lake");
  }

  /** The names of all tables. */
  public List<String> tables() {
    return List.copyOf(program.tables().keySet());
  }

  /**
   * The complete run as a script for Flink's SQL client.
   *
   * @param input the folder of raw files
   * @param only the tables to fill; empty for all
   * @throws LakehouseException if there is no such table
   */
  public static String script(Settings settings, RunMode mode, URI input, Set<String> only) {
    SqlProgram program = SqlProgram.load();
    Plan plan =
        new Planner(program, settings)
            .plan(mode, FileVariables.of(input), selection(program, only));
    return Script.of(plan, settings);
  }

  /**
   * Runs to the end of the input. In batch mode the tables' content is replaced when all of it is
   * written; in streaming mode rows are committed with each checkpoint.
   *
   * @param input the folder of raw files
   * @param only the tables to fill; empty for all
   * @param fresh whether a streaming run empties these tables first
   * @return what the filled tables hold now
   * @throws LakehouseException if the run fails for a reason that its reader can act on
   */
  public RunResult run(RunMode mode, URI input, Set<String> only, boolean fresh) {
    Plan plan =
        new Planner(program, settings)
            .plan(mode, FileVariables.of(input), selection(program, only));
    if (mode == RunMode.BATCH) {
      return replace(plan);
    }
    TableEnvironment environment = environment(plan);
    if (fresh) {
      lake.tables(plan.targets())
          .forEach(table -> table.newDelete().deleteFromRowFilter(alwaysTrue()).commit());
    } else {
      plan.targets().forEach(this::requireEmpty);
    }
    execute(environment, plan, null);
    return result(plan);
  }

  /**
   * Fills the tables of the cleaned history and, if wanted, writes the reduced data as raw files.
   *
   * @param input the folder of raw files
   * @param output the folder to write the reduced data into, which is empty; or null for none
   * @return what the filled tables hold now
   * @throws LakehouseException if the run fails for a reason that its reader can act on
   */
  public RunResult prepare(URI input, URI output) {
    return replace(
        new Planner(program, settings)
            .plan(
                RunMode.BATCH,
                FileVariables.of(input, output),
                Selection.history(program, output != null)));
  }

  private static Selection selection(SqlProgram program, Set<String> only) {
    return only.isEmpty() ? Selection.pipeline(program) : Selection.only(program, only);
  }

  private RunResult replace(Plan plan) {
    TableEnvironment environment = environment(plan);
    StagedWrite staged =
        StagedWrite.begin(lake.tables(plan.targets()), UUID.randomUUID().toString());
    try {
      execute(environment, plan, staged.branch());
    } catch (RuntimeException | Error e) {
      try {
        staged.abandon();
      } catch (RuntimeException | Error second) {
        // The next run drops the branches; why this one failed is what has to be told.
        e.addSuppressed(second);
      }
      throw e;
    }
    staged.publish();
    return result(plan);
  }

  /** A table environment in which the lake and everything that the plan defines is registered. */
  TableEnvironment environment(Plan plan) {
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    plan.configuration().forEach(configuration::setString);
    TableEnvironment environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(configuration).build());
    String home = environment.getCurrentCatalog();
    lake.register(Plan.CATALOG, environment);
    environment.executeSql(
        "CREATE DATABASE IF NOT EXISTS `%s`.`%s`".formatted(Plan.CATALOG, lake.database()));
    environment.useCatalog(Plan.CATALOG);
    environment.useDatabase(lake.database());
    plan.tables().forEach(environment::executeSql);
    environment.useCatalog(home);
    plan.definitions().forEach(environment::executeSql);
    plan.targets().forEach(table -> requireSameColumns(environment, table));
    return environment;
  }

  /** The inserts of a plan, as one statement set. */
  StatementSet statementSet(TableEnvironment environment, Plan plan, String branch) {
    StatementSet statements = environment.createStatementSet();
    for (String table : plan.targets()) {
      statements.addInsertSql(Plan.insert("INSERT INTO", lake.database(), table, branch));
    }
    plan.outputs().forEach(output -> statements.addInsertSql(Plan.output(output)));
    return statements;
  }

  private void execute(TableEnvironment environment, Plan plan, String branch) {
    try {
      statementSet(environment, plan, branch).execute().await();
    } catch (ExecutionException | TableException | ValidationException e) {
      throw Causes.meantForReader(e)
          .orElseGet(
              () ->
                  LakehouseException.system("The job failed: %s".formatted(Causes.summary(e)), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("The run was interrupted.", e);
    }
  }

  private RunResult result(Plan plan) {
    Map<String, TableContent> contents = new LinkedHashMap<>();
    Map<String, Long> rejects = new TreeMap<>();
    Map<String, Long> undeclared = new TreeMap<>();
    Map<String, Long> unusable = new TreeMap<>();
    Map<String, Long> repeats = new TreeMap<>();
    Set<String> rejectedAccounts = Set.of();
    for (String name : plan.targets()) {
      Table table = lake.table(name).orElseThrow();
      contents.put(name, TableContent.of(name, table));
      if (table.schema().findField(UNDECLARED) != null) {
        TableContent.countBy(table, UNDECLARED)
            .forEach((fields, count) -> undeclared.merge(name + ": " + fields, count, Long::sum));
      }
      if (table.schema().findField(UNUSABLE) != null) {
        TableContent.countBy(table, UNUSABLE)
            .forEach(
                (values, count) ->
                    Stream.of(values.split("; "))
                        .forEach(value -> unusable.merge(name + ": " + value, count, Long::sum)));
      }
      if (table.schema().findField(COPIES) != null) {
        repeats.put(name, TableContent.sum(table, COPIES) - contents.get(name).rows());
      }
      if (table.schema().findField(REASON) != null) {
        rejects.putAll(TableContent.countBy(table, REASON));
        rejectedAccounts = TableContent.countBy(table, ACCOUNT).keySet();
      }
    }
    return new RunResult(
        List.copyOf(contents.values()),
        rejects,
        undeclared,
        unusable,
        repeats,
        rejectedAccounts.size(),
        trustedAmong(rejectedAccounts));
  }

  private long trustedAmong(Set<String> accounts) {
    Optional<Table> trusted = accounts.isEmpty() ? Optional.empty() : lake.table(TRUSTED);
    return trusted
        .map(table -> TableContent.countBy(table, ACCOUNT).keySet())
        .map(present -> accounts.stream().filter(present::contains).count())
        .orElse(0L);
  }

  /** The input would be added to what is there, and nobody can tell whether it is in it already. */
  private void requireEmpty(String name) {
    if (TableContent.of(name, lake.table(name).orElseThrow()).dataFiles() > 0) {
      throw LakehouseException.usage(
          "The table %s holds rows already, and streaming would add the input to them. Give --fresh to empty the tables first, or another lake."
              .formatted(name));
    }
  }

  /** Views feed tables by position, so their columns must be the same in name and order. */
  private void requireSameColumns(TableEnvironment environment, String table) {
    List<String> produced = environment.from(table).getResolvedSchema().getColumnNames();
    List<String> declared =
        environment
            .from("`%s`.`%s`.`%s`".formatted(Plan.CATALOG, lake.database(), table))
            .getResolvedSchema()
            .getColumnNames();
    if (!produced.equals(declared)) {
      throw LakehouseException.usage(
          "The table %s has the columns %s, but its job %s produces %s. Make them agree; if an older version of this program made the table, write to another lake."
              .formatted(table, declared, table, produced));
    }
  }
}
