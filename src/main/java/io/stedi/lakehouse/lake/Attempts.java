package io.stedi.lakehouse.lake;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** Doing in a catalog what others may be doing at the same moment. */
final class Attempts {

  private static final int MAX = 20;
  private static final int MAX_UNCLEAR = 5;

  private Attempts() {}

  /**
   * Does something until nobody comes in between.
   *
   * @param step looks at what is there first, so that it finds what another was faster to do
   */
  static <T> T of(Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (AlreadyExistsException | CommitFailedException e) {
        giveWay(attempt, MAX, e);
      } catch (UncheckedSQLException | NotFoundException e) {
        // Several that make the first entry of a database find each other's as a violated
        // constraint or as a column that is there already, and the version of a table that was
        // looked up may be replaced and deleted before it is read; but so looks what never gets
        // better.
        giveWay(attempt, MAX_UNCLEAR, e);
      }
    }
  }

  /** Others are at it, too; whoever waits at random gets his turn. */
  private static void giveWay(int attempt, int max, RuntimeException failure) {
    if (attempt >= max) {
      throw failure;
    }
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(10, 200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("The run was interrupted.", e);
    }
  }
}
