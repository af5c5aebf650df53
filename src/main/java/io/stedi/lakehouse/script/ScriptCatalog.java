package io.stedi.lakehouse.script;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeCatalog;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.pipeline.Pipeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseAlreadyExistException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.ProcedureNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;

/**
 * The lake as a catalog of Flink's SQL client, with what a script needs to fill it as {@link
 * Pipeline} does: the procedures {@code begin_replace} and {@code begin_append}, after which the
 * session's inserts are those of one run, and {@code publish}, which ends it. Plain {@code INSERT
 * OVERWRITE} would leave a table as it was when its new content is empty, and would know nothing of
 * other runs.
 *
 * <p>A session that ends without {@code publish} publishes nothing.
 */
final class ScriptCatalog extends LakeCatalog {

  static final String BEGIN_REPLACE = "begin_replace";
  static final String BEGIN_APPEND = "begin_append";
  static final String PUBLISH = "publish";

  private final Lake lake;
  private final RuntimeExecutionMode mode;
  private final Map<String, Procedure> procedures =
      Map.of(
          BEGIN_REPLACE, new BeginReplace(),
          BEGIN_APPEND, new BeginAppend(),
          PUBLISH, new Publish());

  private Lease lease;
  private StagedWrite staged;
  private Set<String> targets = Set.of();

  ScriptCatalog(String name, Lake lake, RuntimeExecutionMode mode) {
    super(name, lake, mode);
    this.lake = requireNonNull(lake, "lake");
    this.mode = requireNonNull(mode, "mode");
  }

  /** The table; while a replacement is under way, with the branch to write to. */
  @Override
  public CatalogTable getTable(ObjectPath path) throws TableNotExistException {
    CatalogTable table = super.getTable(path);
    if (staged == null || !targets.contains(path.getObjectName())) {
      return table;
    }
    Map<String, String> options = new HashMap<>(table.getOptions());
    options.put("branch", staged.branch());
    return table.copy(options);
  }

  /** Asks first: not every role may make a database, and Iceberg's own tries it even so. */
  @Override
  public void createDatabase(String name, CatalogDatabase database, boolean ignoreIfExists)
      throws DatabaseAlreadyExistException {
    if (!ignoreIfExists || !databaseExists(name)) {
      super.createDatabase(name, database, ignoreIfExists);
    }
  }

  @Override
  public List<String> listProcedures(String database) throws DatabaseNotExistException {
    if (!databaseExists(database)) {
      throw new DatabaseNotExistException(getName(), database);
    }
    return procedures.keySet().stream().sorted().toList();
  }

  @Override
  public Procedure getProcedure(ObjectPath path) throws ProcedureNotExistException {
    Procedure procedure = procedures.get(path.getObjectName());
    if (procedure == null) {
      throw new ProcedureNotExistException(getName(), path);
    }
    return procedure;
  }

  @Override
  public void close() throws CatalogException {
    try {
      if (staged != null) {
        staged.abandon();
      }
    } finally {
      end();
      super.close();
      lake.close();
    }
  }

  /**
   * Begins the run of this session.
   *
   * @param start what the kind of run does first, under the lease
   */
  private void begin(ProcedureContext context, String tables, Runnable start) {
    if (lease != null) {
      throw LakehouseException.usage(
          "This session has begun to fill the lake already. CALL %s first, or begin a new session."
              .formatted(PUBLISH));
    }
    requireSameMode(context);
    lease = Lease.take(lake, UUID.randomUUID().toString());
    targets = Set.of(tables.split(","));
    try {
      Pipeline.requireSameKey(
          lake,
          lease,
          PseudonymKey.ofJob(
              System.getenv(),
              context
                  .getExecutionEnvironment()
                  .getConfiguration()
                  .get(PipelineOptions.GLOBAL_JOB_PARAMETERS)),
          false);
      start.run();
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  /** Without keys, as batch has the tables, a streaming job could not take a row back. */
  private void requireSameMode(ProcedureContext context) {
    RuntimeExecutionMode session =
        context.getExecutionEnvironment().getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
    if (session != mode) {
      throw LakehouseException.usage(
          "The catalog was made for jobs of the mode %s, and those of this session are %s now. DROP CATALOG it, and create it again."
              .formatted(mode, session));
    }
  }

  private void end() {
    staged = null;
    targets = Set.of();
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }

  /** Makes the inserts that follow write beside the tables' content. */
  public final class BeginReplace implements Procedure {

    private BeginReplace() {}

    /**
     * @param tables the tables to fill, with commas between them
     * @param command the command whose rows are replaced in tables that several fill
     */
    public String[] call(ProcedureContext context, String tables, String command) {
      begin(
          context,
          tables,
          () -> staged = StagedWrite.begin(lake, List.copyOf(targets), command, lease));
      return new String[] {staged.branch()};
    }
  }

  /** Makes sure that the inserts that follow fill empty tables. */
  public final class BeginAppend implements Procedure {

    private BeginAppend() {}

    /**
     * @param tables the tables to fill, with commas between them
     * @param command the command whose rows must not be there in tables that several fill
     */
    public String[] call(ProcedureContext context, String tables, String command) {
      begin(
          context,
          tables,
          () -> {
            StagedWrite.finishReady(lake, lease);
            targets.forEach(table -> Pipeline.requireEmpty(lake, table, command));
          });
      return new String[] {lease.run()};
    }
  }

  /** Makes what was written the tables' content. */
  public final class Publish implements Procedure {

    private Publish() {}

    public String[] call(ProcedureContext context) {
      if (staged == null) {
        throw LakehouseException.usage(
            "This session has not begun to replace tables. CALL %s first."
                .formatted(BEGIN_REPLACE));
      }
      String published = staged.branch();
      staged.publish();
      end();
      return new String[] {published};
    }
  }
}
