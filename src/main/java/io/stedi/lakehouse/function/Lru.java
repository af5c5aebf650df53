package io.stedi.lakehouse.function;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers texts by texts, and forgets what was not asked for for longest. For one thread. */
final class Lru extends LinkedHashMap<String, String> {

  private static final long serialVersionUID = 1L;

  private final int most;

  /**
   * @param most how many are remembered
   */
  Lru(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
    return size() > most;
  }
}
