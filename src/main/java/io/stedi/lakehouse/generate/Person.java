package io.stedi.lakehouse.generate;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
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
          "Kavya", "Liam", "Mina", "Noor", "Oskar", "Paula", "Quentin", "Rosa", "Sven", "Zoë");
  private static final List<String> LAST_NAMES =
      List.of(
          "Abbott",
          "Brandt",
          "Castillo",
          "Dubois",
          "Eriksen",
          "Müller",
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

  /** However often an account is revised, it takes about this long, in milliseconds. */
  private static final long REVISION_MILLIS = 700 * DAY_MILLIS;

  /** The longest time between two versions, in milliseconds. */
  private static final long MAX_REVISION_INTERVAL = 10 * DAY_MILLIS;

  /** The app reads the phone's sensor this often while somebody walks, in milliseconds. */
  private static final int READING_INTERVAL = 100;

  /** Numbers from here on are people who are no customers. A multiple of every group of people. */
  private static final int FIRST_STRANGER = 1_000_000_000;

  private final Population population;
  private final long seed;
  private final int number;
  private final String name;
  private final String email;

  Person(Population population, long seed, int number) {
    this.population = population;
    this.seed = seed;
    this.number = number;
    SplittableRandom random = random("name");
    String first = FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size()));
    String last = LAST_NAMES.get(random.nextInt(LAST_NAMES.size()));
    this.name = first + " " + last;
    this.email =
        (ascii(first) + "." + ascii(last) + "." + number + "@example.com").toLowerCase(Locale.ROOT);
  }

  /** Somebody who uses the app and a device, but never registered. */
  static Person stranger(Population population, long seed, int number) {
    return new Person(population, seed, FIRST_STRANGER + number);
  }

  /** All versions of the person's accounts, in the order of arrival: mostly oldest first. */
  List<JsonRecord> versions() {
    SplittableRandom random = random("account");
    String birthDay =
        String.format(
            Locale.ROOT,
            "%d-%02d-%02d",
            random.nextInt(30) == 0 ? 1399 : 1930 + random.nextInt(75),
            1 + random.nextInt(12),
            1 + random.nextInt(28));
    String phone = String.format(Locale.ROOT, "555%07d", random.nextInt(10_000_000));
    boolean consents = random.nextBoolean();
    List<JsonRecord> versions = new ArrayList<>();
    for (int account = 0; account < accounts(); account++) {
      long registered = registered() + account * 30 * DAY_MILLIS;
      String device = device(account);
      int count = population.versions(random);
      long interval = Math.min(MAX_REVISION_INTERVAL, 2 * REVISION_MILLIS / count);
      long updated = registered;
      for (int version = 0; version < count; version++) {
        JsonRecord json =
            new JsonRecord()
                .with("customerName", name)
                .with("email", email)
                .with("phone", phone)
                .with("birthDay", birthDay)
                .with("serialNumber", device)
                .with("registrationDate", registered)
                .with("lastUpdateDate", updated);
        if (consents) {
          // Some agree only after they have walked for a while.
          json.with(
              "shareWithResearchAsOfDate",
              updated + (random.nextInt(4) == 0 ? DAY_MILLIS + DAY_MILLIS / 48 : 0));
        }
        if (random.nextInt(3) == 0) {
          json.with("shareWithPublicAsOfDate", updated);
        }
        if (random.nextInt(2) == 0) {
          json.with("shareWithFriendsAsOfDate", updated);
        }
        versions.add(json);
        updated += 1 + random.nextLong(interval);
        consents = random.nextInt(3) == 0 ? !consents : consents;
      }
    }
    if (Population.isOneIn(population.shuffledOneIn(), number)) {
      Collections.shuffle(versions, new Random(random.nextLong()));
    }
    return versions;
  }

  /** The readings of the person's phone, in the order of time. */
  List<JsonRecord> motions() {
    SplittableRandom random = random("motion");
    List<JsonRecord> motions = new ArrayList<>();
    for (long time : times()) {
      double x = component(random);
      double y = component(random);
      double z = component(random);
      motions.add(motion(time, x, y, z));
      if (Population.occursOneIn(population.contradictionOneIn(), random)) {
        motions.add(motion(time, 0.0 - y, x + 0.5, z));
      }
    }
    return motions;
  }

  /** The readings of the person's devices, most of them at the instant of one of the phone's. */
  List<JsonRecord> steps() {
    SplittableRandom random = random("step");
    List<String> devices = new ArrayList<>();
    for (int account = 0; account < accounts(); account++) {
      devices.add(device(account));
    }
    List<Long> others = new Person(population, seed, Math.max(0, number - 1)).times();
    List<JsonRecord> steps = new ArrayList<>();
    for (long time : times()) {
      if (random.nextDouble() < population.stepShare()) {
        // Now and then a device is read while only somebody else's phone is, or none.
        long instant =
            switch (random.nextInt(population.strayStepOneIn())) {
              case 0 -> others.isEmpty() ? time : others.get(random.nextInt(others.size()));
              case 1 -> time + 1;
              default -> time;
            };
        String device = devices.get(random.nextInt(devices.size()));
        int distance = 180 + random.nextInt(80);
        steps.add(step(instant, device, distance));
        if (Population.occursOneIn(population.contradictionOneIn(), random)) {
          steps.add(step(instant, device, distance + 1 + random.nextInt(5)));
        }
      }
    }
    return steps;
  }

  /** When the phone was read: in sessions, on the days after the registration. */
  private List<Long> times() {
    if (Population.isOneIn(population.silentOneIn(), number)) {
      return List.of();
    }
    SplittableRandom random = random("times");
    List<Long> times = new ArrayList<>();
    int sessions = 1 + random.nextInt(3);
    int readings = population.meanReadings() / 2 + random.nextInt(population.meanReadings() + 1);
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

  private JsonRecord motion(long time, double x, double y, double z) {
    return new JsonRecord()
        .with("user", email)
        .with("timestamp", time)
        .with("x", x)
        .with("y", y)
        .with("z", z);
  }

  private static JsonRecord step(long time, String device, int distance) {
    return new JsonRecord()
        .with("sensorReadingTime", time)
        .with("serialNumber", device)
        .with("distanceFromObject", distance);
  }

  private long registered() {
    return FIRST_REGISTRATION + random("registered").nextLong(REGISTRATION_DAYS * DAY_MILLIS);
  }

  private int accounts() {
    return Population.isOneIn(population.secondAccountOneIn(), number) ? 2 : 1;
  }

  private String device(int account) {
    if (account == 0) {
      int beyondOwner =
          number % population.deviceGroup()
              - (population.deviceGroup() - 1 - population.deviceSharers());
      if (beyondOwner > 0) {
        return new Person(population, seed, number - beyondOwner).device(0);
      }
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

  private static String ascii(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
  }

  private SplittableRandom random(String what) {
    return new SplittableRandom(seed * 1_000_003L + number * 31L * 31L + what.hashCode());
  }
}
