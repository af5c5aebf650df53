package io.stedi.lakehouse.source;

/**
 * A set of names that keeps 64 bits of each: at most 24 bytes a name. Of a million names, two have
 * the same bits in one of forty million sets.
 */
final class NameSet {

  private static final int INITIAL_SLOTS = 16;

  /** An odd number with an even mix of bits, as in hashing by multiplication. */
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** Open addressing; an empty slot is zero. */
  private long[] slots = new long[INITIAL_SLOTS];

  private int size;

  boolean contains(String name) {
    long bits = bits(name);
    return slots[slot(bits)] == bits;
  }

  void add(String name) {
    long bits = bits(name);
    int slot = slot(bits);
    if (slots[slot] == 0) {
      slots[slot] = bits;
      if (++size * 3L > slots.length * 2L) {
        grow();
      }
    }
  }

  void clear() {
    slots = new long[INITIAL_SLOTS];
    size = 0;
  }

  private void grow() {
    long[] former = slots;
    slots = new long[Math.multiplyExact(former.length, 2)];
    for (long bits : former) {
      if (bits != 0) {
        slots[slot(bits)] = bits;
      }
    }
  }

  private int slot(long bits) {
    int slot = (int) bits & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != bits) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static long bits(String name) {
    long bits = name.length();
    for (int i = 0; i < name.length(); i++) {
      bits = (bits ^ name.charAt(i)) * MULTIPLIER;
      bits ^= bits >>> 32;
    }
    return bits == 0 ? 1 : bits;
  }
}
