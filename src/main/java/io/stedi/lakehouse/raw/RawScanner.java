package io.stedi.lakehouse.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a stream into records and rejects, in one pass and in memory that does not depend on its
 * length.
 *
 * <p>An object may start wherever a brace is followed by a quote or the closing brace. From there
 * the parser decides. If it finds the object's end, the object is one fragment, record or not.
 * Otherwise the fragment ends before the next line or the next place where an object may start,
 * whichever comes first, so whatever is good behind a cut is found on the same line, on the next
 * one, or where a value was expected.
 *
 * <p>There is no state but the position: scanning on from the end of any fragment, in another
 * scanner, gives the same fragments.
 */
final class RawScanner {

  private static final int BYTE_ORDER_MARK_BYTES = 3;

  /** Enough for nearly every object, so that few are read twice. */
  private static final int FIRST_LOOK_BYTES = 4096;

  private final ByteWindow window;
  private final ObjectReader reader;
  private final int firstLookBytes;
  private final int maxRecordBytes;
  private final int maxRejectBytes;
  private boolean damageReported;

  /**
   * @param in the decompressed input; {@link CorruptCompressionException} from it ends the input
   *     and becomes a reject, other exceptions pass through
   * @param position position of the stream's next byte in the input: 0 or the end of a fragment
   */
  RawScanner(InputStream in, long position, List<DataField> fields, ScanLimits limits) {
    this.maxRecordBytes = limits.recordBytes();
    this.firstLookBytes =
        Math.min(Math.min(FIRST_LOOK_BYTES, limits.windowBytes()), maxRecordBytes);
    this.maxRejectBytes = limits.rejectBytes();
    this.reader = new ObjectReader(fields, limits);
    this.window =
        new ByteWindow(
            in,
            position,
            limits.windowBytes(),
            Math.max(maxRecordBytes + 1, BYTE_ORDER_MARK_BYTES));
  }

  /** Position of the next byte to look at, in bytes; for messages. */
  long position() {
    return window.position();
  }

  /** The next fragment, or null at the end of the input. */
  Fragment next() throws IOException {
    skipByteOrderMark();
    skipSeparators();
    if (!window.require(1)) {
      return reportDamage();
    }
    if (window.at(0) != '{') {
      return follow(RejectReason.of(RejectKind.NOT_AN_OBJECT));
    }
    return mayOpenObject() ? readObject() : follow(RejectReason.of(RejectKind.MALFORMED));
  }

  private void skipByteOrderMark() throws IOException {
    if (window.position() == 0
        && window.require(BYTE_ORDER_MARK_BYTES)
        && window.at(0) == (byte) 0xEF
        && window.at(1) == (byte) 0xBB
        && window.at(2) == (byte) 0xBF) {
      window.advance(BYTE_ORDER_MARK_BYTES);
    }
  }

  private void skipSeparators() throws IOException {
    while (window.require(1) && isSeparator(window.at(0))) {
      window.advance(1);
    }
  }

  private Fragment reportDamage() {
    if (!window.damaged() || damageReported) {
      return null;
    }
    damageReported = true;
    return new Fragment.Reject(
        window.position(), 0, RejectReason.of(RejectKind.CORRUPT_COMPRESSION), new byte[0]);
  }

  private Fragment readObject() throws IOException {
    int wanted = firstLookBytes;
    while (true) {
      window.require(wanted);
      int length = Math.min(window.available(), maxRecordBytes);
      boolean last = length == maxRecordBytes || window.exhausted();
      ObjectReader.Outcome outcome = reader.read(window.array(), window.start(), length, last);
      switch (outcome.status()) {
        case COMPLETE:
          return complete(outcome);
        case MALFORMED:
          return follow(outcome.reason());
        case UNFINISHED:
          if (last) {
            boolean goesOn = window.require(maxRecordBytes + 1);
            return follow(goesOn ? RejectReason.of(RejectKind.TOO_LONG) : outcome.reason());
          }
          // Doubling keeps what is read again below what is read.
          wanted = (int) Math.min(2L * length, maxRecordBytes);
          break;
        default:
          throw new IllegalStateException("Unknown status " + outcome.status());
      }
    }
  }

  private Fragment complete(ObjectReader.Outcome outcome) {
    long offset = window.position();
    int length = outcome.length();
    Fragment fragment;
    if (outcome.reason() == null) {
      UndeclaredFields undeclared = outcome.undeclaredFields();
      UnusableValues unusable = outcome.unusableValues();
      fragment =
          new Fragment.Valid(
              offset,
              length,
              outcome.values(),
              undeclared == null ? null : undeclared.text(),
              unusable == null ? null : unusable.text());
    } else {
      int start = window.start();
      byte[] kept =
          Arrays.copyOfRange(window.array(), start, start + Math.min(length, maxRejectBytes));
      fragment = new Fragment.Reject(offset, length, outcome.reason(), kept);
    }
    window.advance(length);
    return fragment;
  }

  /** Takes the bytes up to the next line or possible object as a reject. */
  private Fragment follow(RejectReason reason) throws IOException {
    long offset = window.position();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    long end = offset;
    do {
      byte current = window.at(0);
      if (kept.size() < maxRejectBytes) {
        kept.write(current);
      }
      window.advance(1);
      if (!isSeparator(current)) {
        end = window.position();
      }
    } while (window.require(1) && !endsFragment());
    long length = end - offset;
    byte[] bytes = kept.toByteArray();
    return new Fragment.Reject(
        offset, length, reason, length < bytes.length ? Arrays.copyOf(bytes, (int) length) : bytes);
  }

  private boolean endsFragment() throws IOException {
    byte current = window.at(0);
    return current == '\n' || (current == '{' && mayOpenObject());
  }

  /** Whether the brace at the position may be an object's; one that the input ends behind may. */
  private boolean mayOpenObject() throws IOException {
    for (int i = 1; i < maxRecordBytes; i++) {
      if (!window.require(i + 1)) {
        return true;
      }
      byte current = window.at(i);
      if (!isWhitespace(current)) {
        return opensObject(current);
      }
    }
    return false;
  }

  private static boolean isSeparator(byte b) {
    return isWhitespace(b) || b == ',' || b == '[' || b == ']';
  }

  /**
   * Whether a byte that follows a brace, white space between them aside, lets it open an object.
   */
  static boolean opensObject(byte b) {
    return b == '"' || b == '}';
  }

  static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
