package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.sink.CheckpointSink;

/**
 * Iceberg's table sink, but for how the files of several checkpoints are committed.
 *
 * @param iceberg what Iceberg's factory made
 * @param table the table that it writes
 */
record LakeTableSink(DynamicTableSink iceberg, TableLoader table) implements DynamicTableSink {

  LakeTableSink {
    requireNonNull(iceberg, "iceberg");
    requireNonNull(table, "table");
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return iceberg.getChangelogMode(requested);
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    DataStreamSinkProvider provider =
        (DataStreamSinkProvider) iceberg.getSinkRuntimeProvider(context);
    return (DataStreamSinkProvider)
        (names, rows) ->
            CheckpointSink.inPlaceOf(provider.consumeDataStream(names, rows), table.clone());
  }

  @Override
  public DynamicTableSink copy() {
    return new LakeTableSink(iceberg.copy(), table.clone());
  }

  @Override
  public String asSummaryString() {
    return iceberg.asSummaryString();
  }
}
