package io.stedi.lakehouse.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.FileSourceSplitSerializer;
import org.apache.flink.connector.file.src.impl.FileSourceReader;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/**
 * Reads raw files: those that are there, or for as long as it runs also those that come. Its
 * readers are those of Flink's own source of files; that one's enumerators take files that are
 * still being written, and only log it when the folder cannot be listed.
 */
final class SensorJsonSource
    implements Source<RowData, FileSourceSplit, RawFilesState>,
        ResultTypeQueryable<RowData>,
        DynamicParallelismInference {

  private static final long serialVersionUID = 1L;

  private static final String ALL = ".*";

  /**
   * How many batches a reader holds at most. A thread of Flink's that has read its split and cannot
   * say so at once, as others have filled that queue, may never end, and closing the reader then
   * waits for it (FLINK-40660). With Flink's two batches that happens once in thousands of small
   * files, with these it was not seen.
   */
  private static final int QUEUED_BATCHES = 16;

  /** How long closing a reader waits for such a thread, in milliseconds. */
  private static final long CLOSE_TIMEOUT = 5_000;

  private final Path path;
  private final String pattern;
  private final SensorJsonFormat format;
  private final Watch watch;

  /**
   * @param pattern which files below the path are read, a regular expression for their whole path;
   *     null for all
   * @param watch null to read what is there and end
   */
  SensorJsonSource(Path path, String pattern, SensorJsonFormat format, Watch watch) {
    this.path = requireNonNull(path, "path");
    this.pattern = pattern == null ? ALL : pattern;
    this.format = requireNonNull(format, "format");
    this.watch = watch;
  }

  @Override
  public Boundedness getBoundedness() {
    return watch == null ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  /** The reader, which counts what it reads in Flink's metrics. */
  @Override
  public SourceReader<RowData, FileSourceSplit> createReader(SourceReaderContext context) {
    return new FileSourceReader<>(
        context,
        format.countingInto(context.metricGroup().getIOMetricGroup().getNumBytesInCounter()),
        withDefaults(context.getConfiguration()));
  }

  /** What the cluster's settings leave open. */
  static Configuration withDefaults(Configuration given) {
    Configuration reader = new Configuration(given);
    if (!given.contains(SourceReaderOptions.ELEMENT_QUEUE_CAPACITY)) {
      reader.set(SourceReaderOptions.ELEMENT_QUEUE_CAPACITY, QUEUED_BATCHES);
    }
    if (!given.contains(SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT)) {
      reader.set(SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT, CLOSE_TIMEOUT);
    }
    return reader;
  }

  @Override
  public SplitEnumerator<FileSourceSplit, RawFilesState> createEnumerator(
      SplitEnumeratorContext<FileSourceSplit> context) {
    return RawSplitEnumerator.ofNew(context, files(), path, watch, System::nanoTime);
  }

  @Override
  public SplitEnumerator<FileSourceSplit, RawFilesState> restoreEnumerator(
      SplitEnumeratorContext<FileSourceSplit> context, RawFilesState state) {
    return RawSplitEnumerator.ofRestored(context, files(), path, watch, System::nanoTime, state);
  }

  private RawFolder files() {
    return RawFolder.of(path, pattern, format.splitBytes(), System::nanoTime);
  }

  @Override
  public SimpleVersionedSerializer<FileSourceSplit> getSplitSerializer() {
    return FileSourceSplitSerializer.INSTANCE;
  }

  @Override
  public SimpleVersionedSerializer<RawFilesState> getEnumeratorCheckpointSerializer() {
    return new RawFilesState.Serializer();
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return format.getProducedType();
  }

  /** More readers than splits would have nothing to do. */
  @Override
  public int inferParallelism(Context context) {
    int most = context.getParallelismInferenceUpperBound();
    try {
      int splits = files().look(new SeenFiles()).size();
      return Math.min(splits, most);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the files of " + path, e);
    }
  }
}
