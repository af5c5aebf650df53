package io.stedi.lakehouse.maintain;

import java.io.IOException;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rewriting a table beside others: what another commit made impossible is planned anew. */
final class Replanned {

  private static final Logger LOG = LoggerFactory.getLogger(Replanned.class);

  private Replanned() {}

  /** Looks at the table, rewrites and commits. */
  interface Rewrite<T> {
    T once() throws IOException;
  }

  /**
   * Rewrites until nobody comes in between.
   *
   * @param attempts after which the last failure is thrown
   */
  static <T> T rewrite(Table table, int attempts, Rewrite<T> rewrite) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return rewrite.once();
      } catch (CommitFailedException | ValidationException | NotFoundException e) {
        if (attempt == attempts) {
          throw e;
        }
        LOG.info("{}: planning anew, since {}", table.name(), e.getMessage());
      }
    }
  }
}
