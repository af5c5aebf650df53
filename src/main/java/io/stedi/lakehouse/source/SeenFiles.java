package io.stedi.lakehouse.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.flink.core.fs.Path;

/**
 * The files that were taken to be read, for as long as the source lives, also through restarts:
 * what is forgotten would be read twice. A file takes {@value #BYTES} bytes of every checkpoint,
 * whatever the length of its path, and at most three times as many of the JobManager's heap. Safe
 * for use by several threads.
 */
final class SeenFiles {

  /** What a file takes when it is written. */
  static final int BYTES = 4 * Long.BYTES;

  private static final int LONGS = BYTES / Long.BYTES;

  private static final int INITIAL_SLOTS = 64;

  /** What is known of a file. */
  enum Known {
    NEW,
    SEEN,
    CHANGED
  }

  /**
   * A table with open addressing: a slot holds the 128 bits that stand for a path, the file's size
   * and when it was changed. Of an empty slot all are zero; no path has the bits zero.
   */
  private long[] table = new long[INITIAL_SLOTS * LONGS];

  private int size;

  /**
   * Compares a file with what was seen under its path.
   *
   * @param bytes the size of the file
   * @param changed when it was changed last, in milliseconds since the epoch
   */
  synchronized Known compare(Path path, long bytes, long changed) {
    ByteBuffer name = name(path);
    int slot = slot(name.getLong(0), name.getLong(Long.BYTES));
    if (isEmpty(slot)) {
      return Known.NEW;
    }
    return table[slot + 2] == bytes && table[slot + 3] == changed ? Known.SEEN : Known.CHANGED;
  }

  /** Remembers a file, in place of what was seen under its path. */
  synchronized void add(Path path, long bytes, long changed) {
    ByteBuffer name = name(path);
    put(name.getLong(0), name.getLong(Long.BYTES), bytes, changed);
  }

  synchronized int size() {
    return size;
  }

  synchronized void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int slot = 0; slot < table.length; slot += LONGS) {
      if (!isEmpty(slot)) {
        for (int i = 0; i < LONGS; i++) {
          out.writeLong(table[slot + i]);
        }
      }
    }
  }

  static SeenFiles read(DataInput in) throws IOException {
    SeenFiles seen = new SeenFiles();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      seen.put(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
    return seen;
  }

  private synchronized void put(long high, long low, long bytes, long changed) {
    int slot = slot(high, low);
    if (isEmpty(slot)) {
      size++;
      if (size * 3L * LONGS > table.length * 2L) {
        grow();
        slot = slot(high, low);
      }
    }
    table[slot] = high;
    table[slot + 1] = low;
    table[slot + 2] = bytes;
    table[slot + 3] = changed;
  }

  private void grow() {
    long[] former = table;
    table = new long[Math.multiplyExact(former.length, 2)];
    for (int from = 0; from < former.length; from += LONGS) {
      if (former[from] != 0 || former[from + 1] != 0) {
        System.arraycopy(former, from, table, slot(former[from], former[from + 1]), LONGS);
      }
    }
  }

  /** Where a name is, or would be put. */
  private int slot(long high, long low) {
    int slots = table.length / LONGS;
    int slot = (int) (low & (slots - 1)) * LONGS;
    while (!isEmpty(slot) && (table[slot] != high || table[slot + 1] != low)) {
      slot = slot + LONGS == table.length ? 0 : slot + LONGS;
    }
    return slot;
  }

  private boolean isEmpty(int slot) {
    return table[slot] == 0 && table[slot + 1] == 0;
  }

  /** Stands for a path. Two paths of one name are not to be feared before 10^18 of them. */
  private static ByteBuffer name(Path path) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256")
              .digest(path.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
