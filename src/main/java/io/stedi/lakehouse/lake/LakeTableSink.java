package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkWriteConf;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.sink.CheckpointSink;
import org.apache.iceberg.flink.sink.IcebergSink;

/**
 * Writes a table of the lake, with as much of its key as the mode needs.
 *
 * <p>A batch job never takes a row back. Iceberg's writers would still hold the key of every row on
 * the heap, for the chance that it is deleted later in the same job; without a key they append. A
 * streaming job deletes rows by their key.
 *
 * @param table opens the table
 * @param schema the columns of the rows
 * @param options of the table in Flink, with those of the statement's hints
 * @param configuration of the job
 * @param keyed whether rows are deleted by key
 */
record LakeTableSink(
    TableLoader table,
    ResolvedSchema schema,
    Map<String, String> options,
    ReadableConfig configuration,
    boolean keyed)
    implements DynamicTableSink, SupportsPartitioning {

  LakeTableSink {
    requireNonNull(table, "table");
    requireNonNull(schema, "schema");
    options = Map.copyOf(options);
    requireNonNull(configuration, "configuration");
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return requested;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    return (DataStreamSinkProvider)
        (names, rows) -> {
          Table written = load();
          refuseMaintenance(written);
          return CheckpointSink.append(
              rows,
              IcebergSink.forRowData(rows)
                  .table(keyed ? written : new KeylessTable((BaseTable) written))
                  .tableLoader(table)
                  .resolvedSchema(schema)
                  .setAll(options)
                  .flinkConf(configuration),
              table.clone(),
              written.name());
        };
  }

  /**
   * Iceberg's committer would leave the manifests of each checkpoint to a maintenance that is not
   * there.
   */
  private void refuseMaintenance(Table written) {
    FlinkWriteConf asked = new FlinkWriteConf(written, options, configuration);
    if (asked.compactMode() || asked.expireSnapshotsMode() || asked.deleteOrphanFilesMode()) {
      throw LakehouseException.usage(
          "A setting flink-maintenance.* asks Iceberg's sink to maintain the table %s, which it does not do here. Remove it: stedi maintain, or a streaming run with maintenance.interval, does so."
              .formatted(Lake.nameOf(written)));
    }
  }

  private Table load() {
    TableLoader loader = table.clone();
    loader.open();
    try (loader) {
      return loader.loadTable();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Iceberg's writers find a row's partition themselves. */
  @Override
  public void applyStaticPartition(Map<String, String> partition) {}

  @Override
  public DynamicTableSink copy() {
    return new LakeTableSink(table.clone(), schema, options, configuration, keyed);
  }

  @Override
  public String asSummaryString() {
    return "table of the lake";
  }

  /** Iceberg's sink takes the table's key where it is given none. */
  private static final class KeylessTable extends BaseTable {

    private static final long serialVersionUID = 1L;

    KeylessTable(BaseTable table) {
      super(table.operations(), table.name(), table.reporter());
    }

    @Override
    public Schema schema() {
      Schema stored = super.schema();
      return new Schema(stored.schemaId(), stored.columns());
    }
  }
}
