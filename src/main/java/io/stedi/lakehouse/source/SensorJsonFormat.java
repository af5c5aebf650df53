package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.FragmentBoundary;
import io.stedi.lakehouse.scan.ScanLimits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.RowData;

/**
 * Reads files and parts of files. Where a split begins and ends, a fragment may be under way; it is
 * moved to the next place where one begins for certain, which the reader of the split before finds
 * as well. So each fragment is read once, as it would be in the whole file.
 */
final class SensorJsonFormat implements BulkFormat<RowData, FileSourceSplit> {

  private static final long serialVersionUID = 1L;

  /** Some seconds of work. */
  private static final long SPLIT_BYTES = 64 << 20;

  private final RowLayout layout;
  private final ScanLimits limits;
  private final SourceNames sourceNames;
  private final TypeInformation<RowData> producedType;
  private transient Counter bytesRead = new SimpleCounter();

  SensorJsonFormat(
      RowLayout layout,
      ScanLimits limits,
      SourceNames sourceNames,
      TypeInformation<RowData> producedType) {
    this.layout = layout;
    this.limits = limits;
    this.sourceNames = sourceNames;
    this.producedType = producedType;
  }

  @Override
  public Reader<RowData> createReader(Configuration config, FileSourceSplit split)
      throws IOException {
    try {
      return begin(split);
    } catch (IOException e) {
      if (isReplacedByNothing(split)) {
        return new NoRows();
      }
      throw e;
    }
  }

  private Reader<RowData> begin(FileSourceSplit split) throws IOException {
    if (split.offset() == 0) {
      return open(split, new CheckpointedPosition(0, 0), end(split));
    }
    OptionalLong start = boundary(split, split.offset());
    return start.isPresent()
        ? open(split, new CheckpointedPosition(start.getAsLong(), 0), end(split))
        // It is in the middle of what the reader of the split before has read.
        : open(split, new CheckpointedPosition(split.offset(), 0), split.offset());
  }

  @Override
  public Reader<RowData> restoreReader(Configuration config, FileSourceSplit split)
      throws IOException {
    CheckpointedPosition position = split.getReaderPosition().orElse(null);
    if (position == null || (position.getOffset() <= 0 && position.getRecordsAfterOffset() == 0)) {
      return createReader(config, split);
    }
    requireUnchanged(split, position);
    return open(split, position, end(split));
  }

  /** The same, which counts the bytes that it reads, decompressed. */
  SensorJsonFormat countingInto(Counter counter) {
    SensorJsonFormat counting = new SensorJsonFormat(layout, limits, sourceNames, producedType);
    counting.bytesRead = counter;
    return counting;
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    bytesRead = new SimpleCounter();
  }

  /** The length of a split, in bytes: far above that of what is read twice to find its ends. */
  long splitBytes() {
    return Math.max(SPLIT_BYTES, 16L * limits.recordBytes());
  }

  @Override
  public boolean isSplittable() {
    return true;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return producedType;
  }

  /** The stream cannot tell whether a file that is gone comes back, so it waits for who can. */
  private static FileStatus status(FileSourceSplit split) throws IOException {
    try {
      return split.path().getFileSystem().getFileStatus(split.path());
    } catch (FileNotFoundException e) {
      // Without it as a cause, which says less.
      throw new IOException(
          String.format(
              "The file %s was listed, with %d bytes, and is gone. Put it back; or put one in its place that holds"
                  + " nothing but a line break, to go on without it.",
              split.path(), split.fileSize()));
    }
  }

  private static boolean isReplacedByNothing(FileSourceSplit split) throws IOException {
    long size = status(split).getLen();
    return size <= 1 && size < split.fileSize();
  }

  /** Another file under the same name would be read from somewhere in its middle. */
  private static void requireUnchanged(FileSourceSplit split, CheckpointedPosition position)
      throws IOException {
    FileStatus file = status(split);
    boolean sameTime =
        split.fileModificationTime() <= 0
            || split.fileModificationTime() == file.getModificationTime();
    if (file.getLen() != split.fileSize() || !sameTime) {
      throw new IOException(
          String.format(
              "The file %s was changed while it was read: it had %d bytes at %s and has %d bytes at %s."
                  + " What was read of it up to byte %d (decompressed) is of the former file. Give the new"
                  + " file another name, or start again.",
              split.path(),
              split.fileSize(),
              Instant.ofEpochMilli(split.fileModificationTime()),
              file.getLen(),
              Instant.ofEpochMilli(file.getModificationTime()),
              position.getOffset()));
    }
  }

  /** Where the first fragment of the next split begins that has one. */
  private long end(FileSourceSplit split) throws IOException {
    for (long next = split.offset() + split.length();
        next < split.fileSize();
        next += split.length()) {
      OptionalLong boundary = boundary(split, next);
      if (boundary.isPresent()) {
        return boundary.getAsLong();
      }
    }
    return Long.MAX_VALUE;
  }

  private OptionalLong boundary(FileSourceSplit split, long position) throws IOException {
    long size = split.fileSize();
    long start = Math.max(0, position - limits.recordBytes());
    // What is looked through before and behind the position, and the last object that begins there.
    int wanted = (int) Math.min(size - start, 3L * limits.recordBytes());
    byte[] bytes;
    try (RawFile file = RawFile.open(split.path(), size, start)) {
      bytes = file.bytes().readNBytes(wanted);
    }
    int found =
        new FragmentBoundary(layout.fields(), limits)
            .find(bytes, (int) (position - start), start + bytes.length >= size);
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(start + found);
  }

  private Reader<RowData> open(FileSourceSplit split, CheckpointedPosition position, long end)
      throws IOException {
    return SensorJsonReader.open(
        split.path(),
        split.fileSize(),
        sourceNames.nameOf(split.path()),
        layout,
        limits,
        position,
        end,
        bytesRead);
  }

  private static final class NoRows implements Reader<RowData> {

    @Override
    public RecordIterator<RowData> readBatch() {
      return null;
    }

    @Override
    public void close() {}
  }
}
