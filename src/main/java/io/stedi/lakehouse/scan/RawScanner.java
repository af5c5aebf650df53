package io.stedi.lakehouse.scan;

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
 * Otherwise the fragment ends before the next line, before the next place where an object may start
 * that is not inside of the damaged one, or where that is closed, whichever comes first; {@link
 * DamageWalk} tells. So whatever is good behind a cut is found on the same line, on the next one,
 * or where a column's value was expected.
 *
 * <p>There is no state but the position: scanning on from the end of any fragment, in another
 * scanner, gives the same fragments.
 */
public final class RawScanner {

  private static final int BYTE_ORDER_MARK_BYTES = 3;

  /** Enough for nearly every object, so that few are read twice. */
  private static final int FIRST_LOOK_BYTES = 4096;

  private final ByteWindow window;
  private final ObjectReader reader;
  private final DamageWalk walk;
  private final int firstLookBytes;
  private final int maxRecordBytes;
  private final int maxRejectBytes;
  private boolean damageReported;

  /**
   * @param in the decompressed input; {@link CorruptCompressionException} from it ends the input
   *     and becomes a reject, other exceptions pass through
   * @param position position of the stream's next byte in the input: 0 or the end of a fragment
   */
  public RawScanner(InputStream in, long position, List<DataField> fields, ScanLimits limits) {
    this.maxRecordBytes = limits.recordBytes();
    this.firstLookBytes =
        Math.min(Math.min(FIRST_LOOK_BYTES, limits.windowBytes()), maxRecordBytes);
    this.maxRejectBytes = limits.rejectBytes();
    this.reader = new ObjectReader(fields, limits);
    this.walk = new DamageWalk(new FieldIndex(fields));
    this.window =
        new ByteWindow(
            in,
            position,
            limits.windowBytes(),
            Math.max(maxRecordBytes + 1, FileFormat.HEAD_BYTES));
  }

  /** Position of the next byte to look at, in bytes; for messages. */
  public long position() {
    return window.position();
  }

  /** The next fragment, or null at the end of the input. */
  public Fragment next() throws IOException {
    if (window.position() == 0) {
      window.require(FileFormat.HEAD_BYTES);
      FileFormat format =
          FileFormat.of(
              window.array(), window.start(), Math.min(window.available(), FileFormat.HEAD_BYTES));
      if (format != null) {
        return all(RejectReason.of(format));
      }
    }
    skipByteOrderMark();
    skipSeparators();
    if (!window.require(1)) {
      return reportDamage();
    }
    if (window.at(0) != '{') {
      return follow(
          RejectReason.of(
              isObjectAsString() ? RejectKind.OBJECT_AS_STRING : RejectKind.NOT_AN_OBJECT));
    }
    return mayOpenObject() ? readObject() : follow(RejectReason.of(RejectKind.MALFORMED));
  }

  /** Takes the whole input as one reject. */
  private Fragment all(RejectReason reason) throws IOException {
    long offset = window.position();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    while (window.require(1)) {
      int wanted = Math.min(window.available(), maxRejectBytes - kept.size());
      kept.write(window.array(), window.start(), wanted);
      window.advance(window.available());
    }
    return new Fragment.Reject(offset, window.position() - offset, reason, kept.toByteArray());
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

  /** Takes the bytes up to where something else may begin as a reject. */
  private Fragment follow(RejectReason reason) throws IOException {
    long offset = window.position();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    long end = offset;
    walk.begin();
    do {
      byte current = window.at(0);
      if (kept.size() < maxRejectBytes) {
        kept.write(current);
      }
      walk.pass(current);
      window.advance(1);
      if (!isSeparator(current)) {
        end = window.position();
      }
    } while (!walk.isClosed() && window.require(1) && !endsFragment());
    long length = end - offset;
    byte[] bytes = kept.toByteArray();
    return new Fragment.Reject(
        offset,
        length,
        refined(reason),
        length < bytes.length ? Arrays.copyOf(bytes, (int) length) : bytes);
  }

  /** The reason, now that the fragment is known to its end. */
  private RejectReason refined(RejectReason reason) {
    return switch (reason.kind()) {
      case MALFORMED ->
          walk.isClosed() && walk.hasTrailingComma()
              ? RejectReason.of(RejectKind.TRAILING_COMMA)
              : reason;
      case TOO_LONG ->
          walk.isClosed() && walk.hasObjects() ? RejectReason.of(RejectKind.ENVELOPE) : reason;
      default -> reason;
    };
  }

  private boolean isObjectAsString() throws IOException {
    return window.require(3) && window.at(0) == '"' && window.at(1) == '{' && window.at(2) == '\\';
  }

  private boolean endsFragment() throws IOException {
    byte current = window.at(0);
    if (current == '\n') {
      int next = behindWhitespace(1);
      return !window.require(next + 1) || walk.endsWithLine(window.at(next));
    }
    return current == '{' && mayOpenObject() && !walk.isInside(opensName());
  }

  /** Whether the brace at the position may be an object's; one that the input ends behind may. */
  private boolean mayOpenObject() throws IOException {
    int quote = behindWhitespace(1);
    return !window.require(quote + 1) || (quote < maxRecordBytes && opensObject(window.at(quote)));
  }

  /** Whether the brace at the position is followed by the beginning of a name. */
  private boolean opensName() throws IOException {
    int quote = behindWhitespace(1);
    return quote < maxRecordBytes
        && window.require(quote + 2)
        && opensName(window.at(quote), window.at(quote + 1));
  }

  /** The next index that is behind white space, the input, or a record's length. */
  private int behindWhitespace(int index) throws IOException {
    int i = index;
    while (i < maxRecordBytes && window.require(i + 1) && isWhitespace(window.at(i))) {
      i++;
    }
    return i;
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

  /** Whether two bytes are a quote and what a name begins with, not what follows a text. */
  static boolean opensName(byte quote, byte next) {
    return quote == '"'
        && !isWhitespace(next)
        && next != '"'
        && next != ','
        && next != ':'
        && next != '}'
        && next != ']';
  }

  /** Whether a byte is whitespace by RFC 8259. */
  public static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
