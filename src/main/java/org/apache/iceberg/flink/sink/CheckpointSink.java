package org.apache.iceberg.flink.sink;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.apache.flink.api.common.SupportsConcurrentExecutionAttempts;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.WriteResult;

/**
 * Iceberg's sink, but that it commits the files of each checkpoint by themselves, and without the
 * maintenance that Iceberg can run behind it.
 */
public final class CheckpointSink
    implements Sink<RowData>,
        SupportsPreWriteTopology<RowData>,
        SupportsCommitter<IcebergCommittable>,
        SupportsPreCommitTopology<WriteResult, IcebergCommittable>,
        SupportsConcurrentExecutionAttempts {

  private static final long serialVersionUID = 1L;

  private final IcebergSink sink;
  private final TableLoader table;
  private final String suffix;

  private CheckpointSink(IcebergSink sink, TableLoader table, String suffix) {
    this.sink = requireNonNull(sink, "sink");
    this.table = requireNonNull(table, "table");
    this.suffix = requireNonNull(suffix, "suffix");
  }

  /**
   * Ends a stream in this sink, with the names of operators and the parallelism that Iceberg's
   * would have.
   *
   * @param builder what Iceberg's sink is made of
   * @param table opens the table in the tasks
   * @param name of the table
   */
  public static DataStreamSink<RowData> append(
      DataStream<RowData> rows, IcebergSink.Builder builder, TableLoader table, String name) {
    return rows.sinkTo(new CheckpointSink(builder.build(), table, name))
        .uid(name)
        .name(name)
        .setParallelism(rows.getParallelism());
  }

  @Override
  public DataStream<RowData> addPreWriteTopology(DataStream<RowData> rows) {
    return sink.addPreWriteTopology(rows);
  }

  @Override
  public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
    return sink.createWriter(context);
  }

  @Override
  public SimpleVersionedSerializer<WriteResult> getWriteResultSerializer() {
    return sink.getWriteResultSerializer();
  }

  /** As Iceberg's, names included, with another aggregator. */
  @Override
  public DataStream<CommittableMessage<IcebergCommittable>> addPreCommitTopology(
      DataStream<CommittableMessage<WriteResult>> results) {
    String name = "Sink pre-commit aggregator: " + suffix;
    return results
        .global()
        .transform(
            name,
            CommittableMessageTypeInfo.of(this::getCommittableSerializer),
            new CheckpointWriteAggregator(table))
        .uid(name)
        .setParallelism(1)
        .setMaxParallelism(1)
        .global();
  }

  @Override
  public Committer<IcebergCommittable> createCommitter(CommitterInitContext context)
      throws IOException {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<IcebergCommittable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }
}
