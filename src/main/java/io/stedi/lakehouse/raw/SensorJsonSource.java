package io.stedi.lakehouse.raw;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.file.src.AbstractFileSource;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.FileSourceSplitSerializer;
import org.apache.flink.connector.file.src.PendingSplitsCheckpoint;
import org.apache.flink.connector.file.src.enumerate.FileEnumerator;
import org.apache.flink.connector.file.src.impl.FileSourceReader;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** Reads raw files with Flink's source of files. */
final class SensorJsonSource extends AbstractFileSource<RowData, FileSourceSplit>
    implements DynamicParallelismInference {

  private static final long serialVersionUID = 1L;

  private static final String ALL = ".*";

  private final Path path;
  private final SensorJsonFormat format;
  private final boolean checkpoints;

  /**
   * @param pattern which files below the path are read, a regular expression for their whole path;
   *     null for all
   * @param checkpoints whether the job makes them
   */
  SensorJsonSource(Path path, String pattern, SensorJsonFormat format, boolean checkpoints) {
    super(
        new Path[] {path},
        enumeration(pattern, format.splitBytes()),
        FileSource.DEFAULT_SPLIT_ASSIGNER,
        format,
        null);
    this.path = path;
    this.format = format;
    this.checkpoints = checkpoints;
  }

  private static FileEnumerator.Provider enumeration(String pattern, long splitBytes) {
    String files = pattern == null ? ALL : pattern;
    return () -> new RawFileEnumerator(files, splitBytes);
  }

  /** The reader, which counts what it reads in Flink's metrics. */
  @Override
  public SourceReader<RowData, FileSourceSplit> createReader(SourceReaderContext context) {
    return new FileSourceReader<>(
        context,
        format.countingInto(context.metricGroup().getIOMetricGroup().getNumBytesInCounter()),
        context.getConfiguration());
  }

  @Override
  public SplitEnumerator<FileSourceSplit, PendingSplitsCheckpoint<FileSourceSplit>>
      createEnumerator(SplitEnumeratorContext<FileSourceSplit> context) {
    return checkpoints
        ? EndAfterCheckpoint.ofNew(context, super::createEnumerator)
        : super.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<FileSourceSplit, PendingSplitsCheckpoint<FileSourceSplit>>
      restoreEnumerator(
          SplitEnumeratorContext<FileSourceSplit> context,
          PendingSplitsCheckpoint<FileSourceSplit> checkpoint) {
    return checkpoints
        ? EndAfterCheckpoint.ofRestored(
            context, wrapped -> super.restoreEnumerator(wrapped, checkpoint))
        : super.restoreEnumerator(context, checkpoint);
  }

  @Override
  public SimpleVersionedSerializer<FileSourceSplit> getSplitSerializer() {
    return FileSourceSplitSerializer.INSTANCE;
  }

  /** More readers than splits would have nothing to do. */
  @Override
  public int inferParallelism(Context context) {
    int most = context.getParallelismInferenceUpperBound();
    try {
      int splits = getEnumeratorFactory().create().enumerateSplits(new Path[] {path}, most).size();
      return Math.min(splits, most);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the files of " + path, e);
    }
  }
}
