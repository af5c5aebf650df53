package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.Fragment;
import io.stedi.lakehouse.scan.RawScanner;
import io.stedi.lakehouse.scan.ScanLimits;
import java.io.IOException;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;

/** Reads one file in batches. The position after a row is the end of its fragment. */
final class SensorJsonReader implements BulkFormat.Reader<RowData> {

  private static final int MAX_BATCH_ROWS = 1024;

  /** Bounds what a batch holds on the heap when its rows are long. */
  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final Path path;
  private final RawFile file;
  private final RawScanner scanner;
  private final RowLayout layout;
  private final StringData sourceFile;
  private final long end;
  private final Counter bytesRead;

  private SensorJsonReader(
      Path path,
      RawFile file,
      RawScanner scanner,
      RowLayout layout,
      String sourceFile,
      long end,
      Counter bytesRead) {
    this.path = path;
    this.file = file;
    this.scanner = scanner;
    this.layout = layout;
    this.sourceFile = StringData.fromString(sourceFile);
    this.end = end;
    this.bytesRead = bytesRead;
  }

  /**
   * @param position where to begin: the beginning of the file, a place that {@link
   *     FragmentBoundary} has found, or the end of a fragment
   * @param end where to stop: a place that was found likewise, or {@link Long#MAX_VALUE}
   * @param bytesRead counts the bytes, decompressed
   */
  static SensorJsonReader open(
      Path path,
      long size,
      String sourceFile,
      RowLayout layout,
      ScanLimits limits,
      CheckpointedPosition position,
      long end,
      Counter bytesRead)
      throws IOException {
    long offset = Math.max(position.getOffset(), 0);
    RawFile file;
    try {
      file = RawFile.open(path, size, offset);
    } catch (IOException e) {
      throw unreadable(path, offset, e);
    }
    RawScanner scanner = new RawScanner(file.bytes(), offset, layout.fields(), limits);
    SensorJsonReader reader =
        new SensorJsonReader(path, file, scanner, layout, sourceFile, end, bytesRead);
    try {
      reader.skip(position.getRecordsAfterOffset());
    } catch (IOException | RuntimeException e) {
      try {
        file.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return reader;
  }

  @Override
  public BulkFormat.RecordIterator<RowData> readBatch() throws IOException {
    FragmentBatch batch = new FragmentBatch(MAX_BATCH_ROWS);
    long start = scanner.position();
    try {
      return readBatch(batch, start);
    } finally {
      bytesRead.inc(scanner.position() - start);
    }
  }

  private FragmentBatch readBatch(FragmentBatch batch, long start) throws IOException {
    while (!batch.isFull() && scanner.position() - start < MAX_BATCH_BYTES) {
      Fragment fragment = next();
      if (fragment == null) {
        return batch.isEmpty() ? null : batch;
      }
      // Only the reject that reports corrupt compression is empty. It lies where the row before it
      // ends, so being past it must be said in rows.
      batch.add(layout.toRow(fragment, sourceFile), fragment.end(), fragment.length() == 0 ? 1 : 0);
    }
    return batch;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void skip(long rows) throws IOException {
    for (long i = 0; i < rows && next() != null; i++) {
      // Its row was delivered before the checkpoint.
    }
  }

  private Fragment next() throws IOException {
    try {
      Fragment fragment = scanner.next();
      return fragment == null || fragment.offset() >= end ? null : fragment;
    } catch (IOException e) {
      throw unreadable(path, scanner.position(), e);
    }
  }

  private static IOException unreadable(Path path, long offset, IOException cause) {
    return new IOException(
        String.format(
            "Cannot read %s from byte %d (decompressed) on: %s", path, offset, cause.getMessage()),
        cause);
  }
}
