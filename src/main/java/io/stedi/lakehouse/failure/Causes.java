package io.stedi.lakehouse.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds, in a chain of causes, the one that tells a reader something. */
public final class Causes {

  private Causes() {}

  /** The deepest cause's message in one line, with its type where the message says little. */
  public static String summary(Throwable failure) {
    Throwable root = root(failure);
    String message = root.getMessage();
    if (message == null || message.isBlank()) {
      return root.getClass().getSimpleName();
    }
    String line = message.strip().replaceAll("\\s+", " ");
    return line.length() < 20 ? root.getClass().getSimpleName() + ": " + line : line;
  }

  /** The deepest cause; the failure itself if it has none. */
  public static Throwable root(Throwable failure) {
    List<Throwable> chain = chain(failure);
    return chain.get(chain.size() - 1);
  }

  /** The first failure in the chain that is meant for the reader. */
  public static Optional<LakehouseException> meantForReader(Throwable failure) {
    return chain(failure).stream()
        .filter(LakehouseException.class::isInstance)
        .map(LakehouseException.class::cast)
        .findFirst();
  }

  /** The failure and its causes, outermost first; ends where a cause repeats. */
  public static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
