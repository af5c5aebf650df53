package io.stedi.lakehouse.testing;

/** How far tests go that go by chance. */
public final class Chance {

  /** Whether they go their whole length, as the build's profile {@code long} asks for. */
  public static final boolean LONG = Boolean.getBoolean("stedi.long");

  private Chance() {}

  /**
   * A seed, printed so that a run can be repeated: that of the property {@code stedi.seed}, or
   * another one each time.
   */
  public static long seed(Class<?> test) {
    long seed = Long.getLong("stedi.seed", System.nanoTime());
    System.out.printf("%s: seed %d%n", test.getSimpleName(), seed);
    return seed;
  }
}
