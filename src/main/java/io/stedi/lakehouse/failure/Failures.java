package io.stedi.lakehouse.failure;

import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The one place that turns what libraries throw into what its reader can do. Types are told by the
 * names of their classes where the class is in a library that not every environment has, or that a
 * job's class loader loads apart.
 */
public final class Failures {

  /** How much of a cause is shown beside the advice, in characters. */
  private static final int SHOWN = 200;

  private Failures() {}

  /**
   * What a reader is told of a failure.
   *
   * @param what what failed, in words that a colon can follow
   * @return the failure in the chain of causes that is meant for the reader; else a failure of the
   *     system that says what to do, as far as the type tells, or else the deepest cause
   */
  public static LakehouseException explain(String what, Throwable failure) {
    return Causes.meantForReader(failure)
        .orElseGet(
            () ->
                LakehouseException.system(
                    "%s: %s"
                        .formatted(what, advice(failure).orElseGet(() -> Causes.summary(failure))),
                    failure));
  }

  /** What a reader is told of a failure whose type says what to do; empty for any other. */
  public static Optional<LakehouseException> known(Throwable failure) {
    return Causes.meantForReader(failure)
        .or(() -> advice(failure).map(text -> LakehouseException.system(text, failure)));
  }

  /** What to do, by the first cause whose type tells it. */
  private static Optional<String> advice(Throwable failure) {
    List<Throwable> chain = Causes.chain(failure);
    for (Advice advice : Advice.values()) {
      for (Throwable cause : chain) {
        if (advice.fits(cause)) {
          return Optional.of("%s (%s)".formatted(advice.text, shortened(Causes.summary(cause))));
        }
      }
    }
    return Optional.empty();
  }

  /** AWS's SDK lists all that it tried. */
  private static String shortened(String summary) {
    return summary.length() <= SHOWN ? summary : summary.substring(0, SHOWN) + " ...";
  }

  /** Kinds of failures, those that say more before those that say less. */
  private enum Advice {
    DISK_FULL(
        "The disk is full. Free some space, or use a lake on another disk with --lake, and run again; after a batch run that failed the tables hold what they held before.") {
      @Override
      boolean fits(Throwable cause) {
        return says(cause, "No space left on device", "database or disk is full");
      }
    },
    COMMIT_STATE_UNKNOWN(
        "The catalog did not say whether a commit was made, so it may have happened. Look at the table's snapshots before you run again; a batch run can be repeated at once.") {
      @Override
      boolean fits(Throwable cause) {
        return is(cause, "CommitStateUnknownException");
      }
    },
    CATALOG_LOCKED(
        "The catalog is locked by another process. Wait for that to end, or find and stop it, and run again.") {
      @Override
      boolean fits(Throwable cause) {
        return says(cause, "SQLITE_BUSY", "SQLITE_LOCKED", "database is locked")
            || is(cause, "WaitingForLockException", "ResourceNumberLimitExceededException");
      }
    },
    COMMIT_CONFLICT(
        "Another writer changed a table at the same time, and the commit was refused. Run again when it is done.") {
      @Override
      boolean fits(Throwable cause) {
        return is(cause, "CommitFailedException", "ConcurrentModificationException")
            && !cause.getClass().getName().startsWith("java.");
      }
    },
    NO_REGION(
        "No AWS region is known. Set the environment variable AWS_REGION, or a region in the AWS profile.") {
      @Override
      boolean fits(Throwable cause) {
        return says(cause, "Unable to load region", "AWS region could not be determined");
      }
    },
    NO_CREDENTIALS(
        "AWS does not accept the credentials, or there are none. Check the environment variables, the AWS profile or the role that they come from.") {
      @Override
      boolean fits(Throwable cause) {
        return isAws(
            cause,
            "Unable to load credentials",
            "InvalidAccessKeyId",
            "AWS Access Key Id you provided",
            "SignatureDoesNotMatch",
            "request signature we calculated",
            "UnrecognizedClient",
            "security token included in the request",
            "ExpiredToken");
      }
    },
    NO_PERMISSION(
        "There is no permission for this. Check the user and its rights, or on AWS the role and its policy.") {
      @Override
      boolean fits(Throwable cause) {
        return cause instanceof AccessDeniedException
            || is(cause, "AccessControlException", "ForbiddenException", "NotAuthorizedException")
            || isAws(cause, "AccessDenied", "is not authorized to perform", "Status Code: 403");
      }
    },
    NOT_FOUND("Something that is needed does not exist. Check its name and place.") {
      @Override
      boolean fits(Throwable cause) {
        return cause instanceof NoSuchFileException
            || cause instanceof FileNotFoundException
            || is(cause, "NoSuchBucketException", "NoSuchKeyException", "EntityNotFoundException")
            || is(cause, "NoSuchTableException", "NoSuchNamespaceException");
      }
    },
    NETWORK(
        "A service cannot be reached. Check the network, the region and the endpoint in the settings.") {
      @Override
      boolean fits(Throwable cause) {
        return cause instanceof ConnectException
            || cause instanceof UnknownHostException
            || cause instanceof NoRouteToHostException
            || cause instanceof SocketTimeoutException
            || isAws(cause, "Unable to execute HTTP request");
      }
    };

    private final String text;

    Advice(String text) {
      this.text = text;
    }

    abstract boolean fits(Throwable cause);

    private static boolean is(Throwable cause, String... simpleNames) {
      for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
        String name = type.getSimpleName();
        for (String simpleName : simpleNames) {
          if (name.equals(simpleName)) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean isAws(Throwable cause, String... parts) {
      return cause.getClass().getName().contains("amazon") && says(cause, parts);
    }

    private static boolean says(Throwable cause, String... parts) {
      String message = Objects.requireNonNullElse(cause.getMessage(), "");
      for (String part : parts) {
        if (message.contains(part)) {
          return true;
        }
      }
      return false;
    }
  }
}
