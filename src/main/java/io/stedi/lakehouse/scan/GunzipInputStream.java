package io.stedi.lakehouse.scan;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952), any number of members one after the other.
 *
 * <p>{@link java.util.zip.GZIPInputStream} does not serve here: it drops what it decompressed just
 * before the damage, asks {@code available()} whether another member follows, which remote streams
 * answer with 0, and takes a damaged later member for the end.
 */
public final class GunzipInputStream extends InputStream {

  /** As of zip files: sensor data is some twenty times larger unpacked. */
  private static final int MAX_RATIO = 200;

  /** Up to so many bytes anything may be. */
  private static final long RATIO_FREE_BYTES = 16L << 20;

  private static final long ASKED_EACH = 1L << 20;

  private static final int MAGIC = 0x8B1F;
  private static final int FLAG_HEADER_CRC = 1 << 1;
  private static final int FLAG_EXTRA = 1 << 2;
  private static final int FLAG_NAME = 1 << 3;
  private static final int FLAG_COMMENT = 1 << 4;
  private static final int RESERVED_FLAGS = 0xE0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[1 << 16];
  private int inputStart;
  private int inputEnd;
  private long packedBefore;
  private long unpacked;
  private boolean inMember;
  private boolean firstMember = true;
  private boolean finished;
  private CorruptCompressionException damage;

  public GunzipInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  /**
   * Reads decompressed bytes.
   *
   * @throws CorruptCompressionException if the data is damaged or ends early, once every byte
   *     before the damage has been returned
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (damage != null) {
      throw damage;
    }
    try {
      while (!finished) {
        if (!inMember && !openMember()) {
          break;
        }
        long untilAsked = ASKED_EACH - unpacked % ASKED_EACH;
        if (untilAsked == ASKED_EACH) {
          requireNoBomb();
        }
        int count = inflate(target, offset, (int) Math.min(length, untilAsked));
        if (count > 0) {
          unpacked += count;
          checksum.update(target, offset, count);
          return count;
        }
        if (damage != null) {
          throw damage;
        }
      }
      finished = true;
      return -1;
    } catch (EOFException e) {
      damage = new CorruptCompressionException("The gzip data ends early", e);
      throw damage;
    } catch (CorruptCompressionException e) {
      damage = e;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  /**
   * A few megabytes may stand for as many gigabytes, of which each line would be a reject. Asked at
   * the same places however it is read, so that what is before the end is always the same.
   */
  private void requireNoBomb() throws CorruptCompressionException {
    long packed = packedBefore + inflater.getBytesRead();
    if (unpacked >= RATIO_FREE_BYTES && unpacked > MAX_RATIO * packed) {
      throw new CorruptCompressionException(
          "The gzip data is more than %d times larger unpacked".formatted(MAX_RATIO));
    }
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    if (inflater.finished()) {
      closeMember();
      return 0;
    }
    long before = inflater.getBytesWritten();
    int count;
    try {
      count = inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      damage = new CorruptCompressionException("The gzip data is invalid", e);
      return (int) (inflater.getBytesWritten() - before);
    }
    if (count == 0 && inflater.needsDictionary()) {
      throw new CorruptCompressionException("The gzip data asks for a dictionary");
    }
    // Only now: out of input, the inflater may still hold output that the target had no room for.
    if (count == 0 && !inflater.finished() && inflater.needsInput()) {
      if (inputStart == inputEnd && !fill()) {
        throw new EOFException();
      }
      inflater.setInput(input, inputStart, inputEnd - inputStart);
      inputStart = inputEnd;
    }
    return count;
  }

  /** Reads a member's header; false at the end of the file. */
  private boolean openMember() throws IOException {
    if (inputStart == inputEnd && !fill()) {
      return false;
    }
    if (!firstMember && input[inputStart] == 0) {
      // Padding, as tapes and block devices leave it.
      skipPadding();
      return false;
    }
    if (readShort() != MAGIC || readByte() != 8) {
      throw new CorruptCompressionException("Not gzip data");
    }
    int flags = readByte();
    if ((flags & RESERVED_FLAGS) != 0) {
      throw new CorruptCompressionException("Unknown gzip flags");
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(readShort());
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    checksum.reset();
    inMember = true;
    firstMember = false;
    return true;
  }

  private void closeMember() throws IOException {
    inputStart = inputEnd - inflater.getRemaining();
    packedBefore += inflater.getBytesRead();
    long expectedChecksum = readInt();
    long expectedLength = readInt();
    inMember = false;
    if (expectedChecksum != checksum.getValue()
        || expectedLength != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new CorruptCompressionException("The gzip checksum does not match");
    }
  }

  private void skipPadding() throws IOException {
    do {
      while (inputStart < inputEnd) {
        if (input[inputStart++] != 0) {
          throw new CorruptCompressionException("Not gzip data");
        }
      }
    } while (fill());
  }

  private void skipText() throws IOException {
    while (readByte() != 0) {
      // The file's name and comment say nothing about its content.
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      readByte();
    }
  }

  private long readInt() throws IOException {
    return readShort() | (long) readShort() << 16;
  }

  private int readShort() throws IOException {
    return readByte() | readByte() << 8;
  }

  private int readByte() throws IOException {
    if (inputStart == inputEnd && !fill()) {
      throw new EOFException();
    }
    return input[inputStart++] & 0xFF;
  }

  private boolean fill() throws IOException {
    inputStart = 0;
    inputEnd = 0;
    int count = in.read(input, 0, input.length);
    if (count < 0) {
      return false;
    }
    inputEnd = count;
    return count > 0 || fill();
  }
}
