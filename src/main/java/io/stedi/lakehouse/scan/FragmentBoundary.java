package io.stedi.lakehouse.scan;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;

/**
 * Finds places inside a file where a fragment begins for certain, whatever is before them: there a
 * file can be split among readers.
 *
 * <p>A brace with a name behind it, and before it something that no JSON goes on with an object
 * after, such as a closing brace, ends whatever {@link RawScanner} has taken for damage. Only a
 * complete object can go on over it, within a text, and that is no longer than a record may be. So
 * it is enough to try every object that begins in the bytes before: if none of them reaches over
 * such a brace, a fragment begins there. Objects that the scanner would never try, such as those
 * inside of others, can hide such a place, but not feign one. Where records are separated by commas
 * there is none, since they could be the elements of an array inside of a damaged object.
 */
public final class FragmentBoundary {

  private final List<DataField> fields;
  private final ScanLimits limits;

  public FragmentBoundary(List<DataField> fields, ScanLimits limits) {
    this.fields = List.copyOf(fields);
    this.limits = requireNonNull(limits, "limits");
  }

  /**
   * The first such place at or behind a position, if there is one within the length of a record.
   *
   * @param bytes of the file, from a record's length before the position on, or from its beginning
   * @param position the index from which to look
   * @param last whether the file ends with the bytes
   * @return the index of the place, or -1
   */
  public int find(byte[] bytes, int position, boolean last) throws IOException {
    ObjectReader reader = new ObjectReader(fields, limits);
    int end = (int) Math.min(bytes.length, (long) position + limits.recordBytes());
    int reach = 0;
    for (int i = 0; i < end; i++) {
      if (bytes[i] != '{' || !mayOpenObject(bytes, i)) {
        continue;
      }
      if (i >= position && reach <= i && isOutside(bytes, i)) {
        return i;
      }
      int length = Math.min(bytes.length - i, limits.recordBytes());
      boolean whole = length == limits.recordBytes() || last;
      ObjectReader.Outcome outcome = reader.read(bytes, i, length, whole);
      if (outcome.status() == ObjectReader.Status.COMPLETE) {
        reach = Math.max(reach, i + outcome.length());
      }
    }
    return -1;
  }

  /** Whether an object that begins here is inside of no other, damaged or not. */
  private boolean isOutside(byte[] bytes, int brace) {
    int before = brace - 1;
    while (before >= 0 && RawScanner.isWhitespace(bytes[before])) {
      before--;
    }
    int behind = brace + 1;
    while (behind < bytes.length && RawScanner.isWhitespace(bytes[behind])) {
      behind++;
    }
    return before >= 0
        && bytes[before] != ':'
        && bytes[before] != ','
        && bytes[before] != '['
        && behind + 1 < bytes.length
        && RawScanner.opensName(bytes[behind], bytes[behind + 1]);
  }

  private boolean mayOpenObject(byte[] bytes, int brace) {
    for (int i = 1; i < limits.recordBytes(); i++) {
      if (brace + i >= bytes.length) {
        return true;
      }
      byte current = bytes[brace + i];
      if (!RawScanner.isWhitespace(current)) {
        return RawScanner.opensObject(current);
      }
    }
    return false;
  }
}
