package io.stedi.lakehouse.source;

import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.MutableRecordAndPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.apache.flink.table.data.RowData;

/** Rows, each with the position from which to read on once it is processed. */
final class FragmentBatch implements BulkFormat.RecordIterator<RowData> {

  private final RowData[] rows;
  private final long[] offsets;
  private final int[] skipCounts;
  private final MutableRecordAndPosition<RowData> current = new MutableRecordAndPosition<>();
  private int size;
  private int next;

  FragmentBatch(int capacity) {
    this.rows = new RowData[capacity];
    this.offsets = new long[capacity];
    this.skipCounts = new int[capacity];
  }

  boolean isFull() {
    return size == rows.length;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Adds a row.
   *
   * @param offset where to read on, in decompressed bytes
   * @param skipCount how many rows from there on are already delivered
   */
  void add(RowData row, long offset, int skipCount) {
    rows[size] = row;
    offsets[size] = offset;
    skipCounts[size] = skipCount;
    size++;
  }

  @Override
  public RecordAndPosition<RowData> next() {
    if (next == size) {
      return null;
    }
    current.set(rows[next], offsets[next], skipCounts[next]);
    next++;
    return current;
  }

  @Override
  public void releaseBatch() {
    // Rows are handed on, not reused.
  }
}
