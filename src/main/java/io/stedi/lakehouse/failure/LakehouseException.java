package io.stedi.lakehouse.failure;

import static java.util.Objects.requireNonNull;

/**
 * A failure that its reader can act on. The message is one paragraph that names the file, offset,
 * setting or table and the way out; it is shown without a stack trace. Anything else that is thrown
 * is a fault of this program.
 */
public final class LakehouseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Who has to act, and the exit code that tells a calling script so. */
  public enum Kind {
    /** The command, a setting or a query is wrong: exit code 2. */
    USAGE(2),
    /** The input is missing, unreadable or not what it should be: exit code 3. */
    DATA(3),
    /** The machine or a service failed (disk, catalog, network): exit code 4. */
    SYSTEM(4);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The exit code of a process that ends with this kind of failure. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  private LakehouseException(Kind kind, String message, Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.kind = requireNonNull(kind, "kind");
  }

  /** The caller asked for something that cannot be done as asked. */
  public static LakehouseException usage(String message) {
    return new LakehouseException(Kind.USAGE, message, null);
  }

  /** The caller asked for something that cannot be done as asked; {@code cause} says more. */
  public static LakehouseException usage(String message, Throwable cause) {
    return new LakehouseException(Kind.USAGE, message, cause);
  }

  /** The input cannot be used. */
  public static LakehouseException data(String message) {
    return new LakehouseException(Kind.DATA, message, null);
  }

  /** The input cannot be used; {@code cause} says more. */
  public static LakehouseException data(String message, Throwable cause) {
    return new LakehouseException(Kind.DATA, message, cause);
  }

  /** The machine or a service failed. */
  public static LakehouseException system(String message, Throwable cause) {
    return new LakehouseException(Kind.SYSTEM, message, cause);
  }

  /** Who has to act. */
  public Kind kind() {
    return kind;
  }
}
