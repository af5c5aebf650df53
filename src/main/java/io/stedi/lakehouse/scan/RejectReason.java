package io.stedi.lakehouse.scan;

import static java.util.Objects.requireNonNull;

/**
 * Why a fragment was rejected, fit to be grouped by: it names kinds, declared columns and formats
 * only, never anything taken from the data.
 *
 * @param kind the kind of fault
 * @param subject the declared column at fault, or the format; null where there is none
 */
public record RejectReason(RejectKind kind, String subject) {

  public RejectReason {
    requireNonNull(kind, "kind");
  }

  static RejectReason of(RejectKind kind) {
    return new RejectReason(kind, null);
  }

  static RejectReason of(RejectKind kind, DataField field) {
    return new RejectReason(kind, field.name());
  }

  static RejectReason of(FileFormat format) {
    return new RejectReason(RejectKind.OTHER_FORMAT, format.label());
  }

  /** The text of the {@code reject_reason} column. */
  public String text() {
    return subject == null ? kind.text() : kind.text() + ": " + subject;
  }
}
