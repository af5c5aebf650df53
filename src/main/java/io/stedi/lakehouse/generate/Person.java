package io.stedi.lakehouse.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One invented person with everything the sensors and the app say of them. Depends on the seed and
 * the person's number alone, so that nobody has to be kept in memory.
 */
final class Person {

  private static final List<String> FIRST_NAMES =
      List.of(
          "Ada", "Bruno", "Carla", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas",
          "Kavya", "Liam", "Mina", "Noor", "Oskar", "Paula", "Quentin", "Rosa", "Sven", "Tara");
  private static final List<String> LAST_NAMES =
      List.of(
          "Abbott",
          "Brandt",
          "Castillo",
          "Dubois",
          "Eriksen",
          "Fischer",
          "Galli",
          "Hansen",
          "Ibrahim",
          "Jansen",
          "Kowalski",
          "Lindholm",
          "Moreau",
          "Nakamura",
          "Okafor",
          "Petrov");

  private static final long DAY_MILLIS = 86_400_000L;
  private static final long FIRST_REGISTRATION = 1_655_000_000_000L;
  private static final int REGISTRATION_DAYS = 180;

  /** The app reads the phone's sensor this often while somebody walks, in milliseconds. */
  private static final int READING_INTERVAL = 100;

  private static final int MEAN_READINGS = 81;

  /** Of the readings, how many have a step reading at the same instant. */
  private static final double STEP_SHARE = 0.37;

  /** Every so many people there is one who uses the device of the one before. */
  private static final int SHARED_DEVICE_EVERY = 25;

  /** Every so many people there is one who registered the same address again, with a new device. */
  private static final int SECOND_ACCOUNT_EVERY = 20;

  private final long seed;
  private final int number;

  Person(long seed, int number) {
    this.seed = seed;
    this.number = number;
  }

  /** All versions of the person's accounts, oldest first. */
  List<JsonRecord> versions() {
    SplittableRandom random = random("account");
    String first = FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size()));
    String last = LAST_NAMES.get(random.nextInt(LAST_NAMES.size()));
    String birthDay =
        "%d-%02d-%02d"
            .formatted(
                random.nextInt(30) == 0 ? 1399 : 1930 + random.nextInt(75),
                1 + random.nextInt(12),
                1 + random.nextInt(28));
    String phone = "555%07d".formatted(random.nextInt(10_000_000));
    boolean consents = random.nextBoolean();
    List<JsonRecord> versions = new ArrayList<>();
    int accounts = number % SECOND_ACCOUNT_EVERY == 7 ? 2 : 1;
    for (int account = 0; account < accounts; account++) {
      long registered = registered() + account * 30 * DAY_MILLIS;
      long updated = registered;
      int count = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
      for (int version = 0; version < count; version++) {
        JsonRecord json =
            JsonRecord.of()
                .text("customerName", first + " " + last)
                .text("email", email())
                .text("phone", phone)
                .text("birthDay", birthDay)
                .text("serialNumber", device(account))
                .number("registrationDate", registered)
                .number("lastUpdateDate", updated);
        if (consents) {
          // Some agree only after they have walked for a while.
          json.number(
              "shareWithResearchAsOfDate",
              updated + (random.nextInt(4) == 0 ? DAY_MILLIS + DAY_MILLIS / 48 : 0));
        }
        if (random.nextInt(3) == 0) {
          json.number("shareWithPublicAsOfDate", updated);
        }
        if (random.nextInt(2) == 0) {
          json.number("shareWithFriendsAsOfDate", updated);
        }
        versions.add(json);
        updated += 1 + random.nextLong(10 * DAY_MILLIS);
        consents = random.nextInt(3) == 0 ? !consents : consents;
      }
    }
    return versions;
  }

  /** The readings of the person's phone, in the order of time. */
  List<JsonRecord> motions() {
    SplittableRandom random = random("motion");
    List<JsonRecord> motions = new ArrayList<>();
    for (long time : times()) {
      motions.add(
          JsonRecord.of()
              .text("user", email())
              .number("timestamp", time)
              .number("x", component(random))
              .number("y", component(random))
              .number("z", component(random)));
    }
    return motions;
  }

  /** The readings of the person's device, most of them at the instant of one of the phone's. */
  List<JsonRecord> steps() {
    SplittableRandom random = random("step");
    List<JsonRecord> steps = new ArrayList<>();
    for (long time : times()) {
      if (random.nextDouble() < STEP_SHARE) {
        // Now and then a device is read while only somebody else's phone is, or none.
        List<Long> others = new Person(seed, Math.max(0, number - 1)).times();
        long instant =
            switch (random.nextInt(30)) {
              case 0 -> others.get(random.nextInt(others.size()));
              case 1 -> time + 1;
              default -> time;
            };
        steps.add(
            JsonRecord.of()
                .number("sensorReadingTime", instant)
                .text("serialNumber", device(0))
                .number("distanceFromObject", 180 + random.nextInt(80)));
      }
    }
    return steps;
  }

  /** When the phone was read: in sessions, on the days after the registration. */
  private List<Long> times() {
    SplittableRandom random = random("times");
    List<Long> times = new ArrayList<>();
    int sessions = 1 + random.nextInt(3);
    int readings = MEAN_READINGS / 2 + random.nextInt(MEAN_READINGS + 1);
    for (int session = 0; session < sessions; session++) {
      long start = registered() + (session * 2L + 1) * DAY_MILLIS / 2 + random.nextInt(3_600_000);
      // Sessions start on a common beat, so that different people's readings coincide now and then.
      start -= start % READING_INTERVAL;
      for (int i = session; i < readings; i += sessions) {
        times.add(start + (long) (i / sessions) * READING_INTERVAL);
      }
    }
    return times;
  }

  private long registered() {
    return FIRST_REGISTRATION + random("registered").nextLong(REGISTRATION_DAYS * DAY_MILLIS);
  }

  private String email() {
    SplittableRandom random = random("account");
    String first = FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size()));
    String last = LAST_NAMES.get(random.nextInt(LAST_NAMES.size()));
    return "%s.%s.%d@example.com".formatted(first, last, number).toLowerCase(Locale.ROOT);
  }

  private String device(int account) {
    if (account == 0 && number % SHARED_DEVICE_EVERY == SHARED_DEVICE_EVERY - 1) {
      return new Person(seed, number - 1).device(0);
    }
    SplittableRandom random = random("device" + account);
    return new UUID(
            random.nextLong() & ~0xF000L | 0x4000L,
            random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L)
        .toString();
  }

  private static double component(SplittableRandom random) {
    return (random.nextInt(4_001) - 2_000) / 1_000.0;
  }

  private SplittableRandom random(String what) {
    return new SplittableRandom(seed * 1_000_003L + number * 31L * 31L + what.hashCode());
  }
}
