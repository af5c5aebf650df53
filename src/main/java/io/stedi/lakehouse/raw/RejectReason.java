package io.stedi.lakehouse.raw;

import static java.util.Objects.requireNonNull;

/**
 * Why a fragment was rejected, fit to be grouped by: it names kinds and declared columns only,
 * never anything taken from the data.
 *
 * @param kind the kind of fault
 * @param column the declared column at fault, null where the fault is not that of a column
 */
record RejectReason(RejectKind kind, String column) {

  RejectReason {
    requireNonNull(kind, "kind");
  }

  static RejectReason of(RejectKind kind) {
    return new RejectReason(kind, null);
  }

  static RejectReason of(RejectKind kind, DataField field) {
    return new RejectReason(kind, field.name());
  }

  /** The text of the {@code reject_reason} column. */
  String text() {
    return column == null ? kind.text() : kind.text() + ": " + column;
  }
}
