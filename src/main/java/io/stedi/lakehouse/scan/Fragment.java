package io.stedi.lakehouse.scan;

/** A piece of the input. Fragments come in order, never overlap, and leave only separators out. */
public sealed interface Fragment {

  /** Position of the first byte in the decompressed input, in bytes. */
  long offset();

  /** Length in bytes. */
  long length();

  /** Position of the first byte behind the fragment, in bytes. */
  default long end() {
    return offset() + length();
  }

  /**
   * A record.
   *
   * @param values the values in the order of the data fields, typed as {@link FieldType} says, null
   *     where absent
   * @param undeclaredFields the names of the JSON fields that have no column, null when none
   * @param unusableValues the values that were taken for null, as {@link UnusableValues} spells
   *     them, null when none
   */
  record Valid(
      long offset, long length, Object[] values, String undeclaredFields, String unusableValues)
      implements Fragment {}

  /**
   * Bytes that are not a record.
   *
   * @param reason why not
   * @param bytes the bytes, cut off at {@link ScanLimits#rejectBytes()}
   */
  record Reject(long offset, long length, RejectReason reason, byte[] bytes) implements Fragment {}
}
