package io.stedi.lakehouse.scan;

import java.io.IOException;
import java.io.InputStream;

/**
 * The part of a stream that is being looked at: bytes from {@link #position()} on, as many as were
 * asked for. The buffer moves along the stream and grows only when more is asked for than it holds.
 */
final class ByteWindow {

  private final InputStream in;
  private final int maxCapacity;
  private byte[] bytes;
  private int start;
  private int end;
  private long position;
  private boolean exhausted;
  private boolean damaged;

  /**
   * @param position position of the stream's next byte in the input
   * @param initialCapacity initial size of the buffer, in bytes
   * @param maxRequest the largest number of bytes that will be asked for
   */
  ByteWindow(InputStream in, long position, int initialCapacity, int maxRequest) {
    this.in = in;
    this.position = position;
    // With room for two requests, moving the bytes down always frees half of the buffer, so a byte
    // is moved once on average however little the stream delivers at a time.
    this.maxCapacity = 2 * maxRequest;
    this.bytes = new byte[Math.min(initialCapacity, maxCapacity)];
  }

  /** Position in the input of the byte that {@link #at} 0 returns. */
  long position() {
    return position;
  }

  /** The buffer; the bytes that can be looked at start at {@link #start()}. */
  byte[] array() {
    return bytes;
  }

  /** Index in {@link #array()} of the byte at {@link #position()}. */
  int start() {
    return start;
  }

  /** Number of bytes that can be looked at now. */
  int available() {
    return end - start;
  }

  /** Whether the end of the input is known to be inside or right behind the available bytes. */
  boolean exhausted() {
    return exhausted;
  }

  /** Whether the input ended because its compression is corrupt. */
  boolean damaged() {
    return damaged;
  }

  /** The byte at {@link #position()} {@code + index}, which must be available. */
  byte at(int index) {
    return bytes[start + index];
  }

  /** Leaves {@code count} available bytes behind. */
  void advance(int count) {
    start += count;
    position += count;
  }

  /** Reads until {@code count} bytes are available; false if the input ends before that. */
  boolean require(int count) throws IOException {
    return end - start >= count || read(count);
  }

  private boolean read(int count) throws IOException {
    while (end - start < count && !exhausted) {
      if (end == bytes.length) {
        makeRoom(count);
      }
      try {
        int read = in.read(bytes, end, bytes.length - end);
        if (read < 0) {
          exhausted = true;
        } else {
          end += read;
        }
      } catch (CorruptCompressionException e) {
        exhausted = true;
        damaged = true;
      }
    }
    return end - start >= count;
  }

  private void makeRoom(int count) {
    int live = end - start;
    byte[] target = bytes;
    if (count > bytes.length || live > bytes.length / 2) {
      target = new byte[(int) Math.min(maxCapacity, Math.max(2L * bytes.length, 2L * count))];
    }
    System.arraycopy(bytes, start, target, 0, live);
    bytes = target;
    start = 0;
    end = live;
  }
}
