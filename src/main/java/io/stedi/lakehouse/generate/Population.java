package io.stedi.lakehouse.generate;

import java.util.SplittableRandom;

/**
 * What the invented people are like. Where something happens to one in so many, 0 means to none.
 *
 * @param revisedShare the share of accounts that have more than one version
 * @param maxVersions the most versions of an account; those that have several have 2 to this many
 * @param shuffledOneIn of how many people one's versions arrive in any order
 * @param meanReadings readings of a person's phone, on average
 * @param stepShare of the readings, how many have a step reading at the same instant
 * @param strayStepOneIn of how many step readings one is at an instant of somebody else's phone,
 *     and one at an instant of nobody's
 * @param secondAccountOneIn of how many people one registers the address again, with a new device
 * @param deviceGroup every so many people ...
 * @param deviceSharers ... this many use the device of the one before them
 * @param silentOneIn of how many people one has no readings at all
 * @param strangerOneIn for how many people there is one more who is no customer, but has readings
 * @param contradictionOneIn of how many readings one is followed by another of the same sensor and
 *     instant that says something else
 */
record Population(
    double revisedShare,
    int maxVersions,
    int shuffledOneIn,
    int meanReadings,
    double stepShare,
    int strayStepOneIn,
    int secondAccountOneIn,
    int deviceGroup,
    int deviceSharers,
    int silentOneIn,
    int strangerOneIn,
    int contradictionOneIn) {

  /** People as in the real starter data: mostly one version each. */
  static final Population SAMPLE = new Population(0.25, 4, 0, 81, 0.37, 30, 20, 25, 1, 0, 0, 0);

  /**
   * People as in a raw history.
   *
   * @param meanVersions how many versions an account has on average
   */
  static Population history(int meanVersions) {
    return new Population(1, 2 * meanVersions - 1, 3, 200, 0.62, 15, 5, 10, 3, 15, 10, 50);
  }

  int versions(SplittableRandom random) {
    return maxVersions > 1 && random.nextDouble() < revisedShare
        ? 2 + random.nextInt(maxVersions - 1)
        : 1;
  }

  /** Whether the person of this number is the one in so many. */
  static boolean isOneIn(int count, int number) {
    return count > 0 && number % count == count / 2;
  }

  /** Whether something happens that happens once in so many times. */
  static boolean occursOneIn(int count, SplittableRandom random) {
    return count > 0 && random.nextInt(count) == 0;
  }
}
