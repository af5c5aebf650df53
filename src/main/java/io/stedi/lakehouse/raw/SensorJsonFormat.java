package io.stedi.lakehouse.raw;

import java.io.IOException;
import java.time.Instant;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.table.data.RowData;

/**
 * Reads whole files. A file is not split: whether a byte in its middle starts an object can only be
 * told from the front.
 */
final class SensorJsonFormat implements BulkFormat<RowData, FileSourceSplit> {

  private static final long serialVersionUID = 1L;

  private final RowLayout layout;
  private final ScanLimits limits;
  private final SourceNames sourceNames;
  private final TypeInformation<RowData> producedType;

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
    return open(split, new CheckpointedPosition(0, 0));
  }

  @Override
  public Reader<RowData> restoreReader(Configuration config, FileSourceSplit split)
      throws IOException {
    CheckpointedPosition position =
        split.getReaderPosition().orElse(new CheckpointedPosition(0, 0));
    if (position.getOffset() > 0 || position.getRecordsAfterOffset() > 0) {
      requireUnchanged(split, position);
    }
    return open(split, position);
  }

  @Override
  public boolean isSplittable() {
    return false;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return producedType;
  }

  /** Another file under the same name would be read from somewhere in its middle. */
  private static void requireUnchanged(FileSourceSplit split, CheckpointedPosition position)
      throws IOException {
    FileStatus file = split.path().getFileSystem().getFileStatus(split.path());
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

  private Reader<RowData> open(FileSourceSplit split, CheckpointedPosition position)
      throws IOException {
    return SensorJsonReader.open(
        split.path(), split.fileSize(), sourceNames.nameOf(split.path()), layout, limits, position);
  }
}
