package io.stedi.lakehouse.pipeline;

/** What a streaming run does with the state of the run before it. */
public enum Resume {
  /** Goes on from it, and is refused if the program has changed since. */
  SAME_PROGRAM,
  /** Goes on from it with the compiled plan that it fits, whatever the program is now. */
  FORMER_PLAN,
  /** Discards it, empties the tables and begins anew. */
  FRESH
}
