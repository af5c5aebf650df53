package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

/**
 * How a streaming run begins.
 *
 * @param resume what it does with the state of the run before it
 * @param freshId with {@link Resume#FRESH} on a cluster, which runs a program again after a
 *     failure: an id by which the tables are emptied once and not again; else empty
 */
public record Beginning(Resume resume, String freshId) {

  public Beginning {
    requireNonNull(resume, "resume");
    requireNonNull(freshId, "freshId");
  }

  boolean isAnew() {
    return resume == Resume.FRESH;
  }
}
