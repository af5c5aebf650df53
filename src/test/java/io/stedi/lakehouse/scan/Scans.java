package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scans bytes and puts fragments into a form that tests can compare. */
public final class Scans {

  public static final List<DataField> ACCELEROMETER =
      List.of(
          new DataField("user", FieldType.STRING, Integer.MAX_VALUE, true),
          new DataField("timestamp", FieldType.TIMESTAMP, Integer.MAX_VALUE, true),
          new DataField("x", FieldType.DOUBLE, Integer.MAX_VALUE, true),
          new DataField("y", FieldType.DOUBLE, Integer.MAX_VALUE, true),
          new DataField("z", FieldType.DOUBLE, Integer.MAX_VALUE, true));

  static final long MIN_TIME = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
  static final long MAX_TIME = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

  public static final ScanLimits LIMITS = limits(128 << 10, 1 << 20, 4096);

  private Scans() {}

  public static ScanLimits limits(int windowBytes, int recordBytes, int rejectBytes) {
    return new ScanLimits(windowBytes, recordBytes, rejectBytes, MIN_TIME, MAX_TIME);
  }

  /**
   * A fragment with value equality.
   *
   * @param text the values, undeclared fields and unusable values of a record, the reason and bytes
   *     of a reject
   */
  public record Seen(long offset, long length, boolean valid, String text) {

    static Seen of(Fragment fragment) {
      if (fragment instanceof Fragment.Valid valid) {
        String undeclared =
            valid.undeclaredFields() == null ? "" : " + " + valid.undeclaredFields();
        String unusable = valid.unusableValues() == null ? "" : " - " + valid.unusableValues();
        return new Seen(
            valid.offset(),
            valid.length(),
            true,
            Arrays.toString(valid.values()) + undeclared + unusable);
      }
      Fragment.Reject reject = (Fragment.Reject) fragment;
      return new Seen(
          reject.offset(),
          reject.length(),
          false,
          reject.reason().text() + " <" + new String(reject.bytes(), UTF_8) + ">");
    }

    long end() {
      return offset + length;
    }
  }

  static List<Seen> scan(String input) {
    return scan(input.getBytes(UTF_8), ACCELEROMETER, LIMITS);
  }

  static List<Seen> scan(byte[] input, List<DataField> fields, ScanLimits limits) {
    return scan(new ByteArrayInputStream(input), 0, fields, limits);
  }

  static List<Seen> scan(InputStream in, long position, List<DataField> fields, ScanLimits limits) {
    try {
      RawScanner scanner = new RawScanner(in, position, fields, limits);
      List<Seen> seen = new ArrayList<>();
      for (Fragment f = scanner.next(); f != null; f = scanner.next()) {
        seen.add(Seen.of(f));
      }
      return seen;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rejects' reasons, in order; "record" for a record. */
  static List<String> verdicts(String input) {
    return scan(input).stream()
        .map(seen -> seen.valid() ? "record" : seen.text().substring(0, seen.text().indexOf(" <")))
        .toList();
  }
}
