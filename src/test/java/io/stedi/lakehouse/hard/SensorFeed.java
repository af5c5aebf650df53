package io.stedi.lakehouse.hard;

import io.stedi.lakehouse.records.RecordKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a fleet of phones and step trainers sends while time goes on: each second a file of each
 * kind, with readings as fresh as the second, accounts that change their mind, and dirt.
 *
 * <p>It keeps account of what is in the files, so that what a lake makes of them can be compared.
 */
final class SensorFeed {

  private static final int PEOPLE = 400;

  /** How many of them move at a time, for half a minute each. */
  private static final int MOVING = 150;

  private static final int MOTIONS_A_SECOND = 10;
  private static final int STEPS_A_SECOND = 5;

  /** One line in so many is no record, one in so many is there twice. */
  private static final int DIRTY = 200;

  private static final int REPEATED = 100;

  /**
   * Every so many files of motion come late by so many seconds, as from a phone without network.
   */
  private static final int HELD_BACK = 7;

  private static final int HELD_BACK_SECONDS = 20;

  /** What happened to a person's consent, and in which file it was told. */
  record Change(String account, String device, boolean consents, String file) {}

  private final Random random;
  private final long began;
  private final List<Person> people = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<RecordKind, Long> records = new EnumMap<>(RecordKind.class);
  private final Map<Integer, List<String>> heldBack = new TreeMap<>();
  private long rejects;
  private int second;

  private static final class Person {

    private final int number;
    private final long registered;
    private long updated;
    private boolean consents;

    private Person(int number, long registered, boolean consents) {
      this.number = number;
      this.registered = registered;
      this.updated = registered;
      this.consents = consents;
    }

    private String email() {
      return "person%d@hard.example".formatted(number);
    }

    private String serial() {
      return "hard-%06d".formatted(number);
    }
  }

  /**
   * @param seed the same seed gives the same records, but for the time they tell
   */
  SensorFeed(long seed, Instant began) {
    this.random = new Random(seed);
    this.began = began.toEpochMilli();
    for (int i = 0; i < PEOPLE; i++) {
      people.add(new Person(i, this.began - 86_400_000L + i, i % 5 < 3));
    }
    for (RecordKind kind : RecordKind.values()) {
      records.put(kind, 0L);
    }
  }

  /** The files of the next second, by name. */
  Map<String, byte[]> next() {
    Map<String, byte[]> files = new TreeMap<>();
    put(files, RecordKind.CUSTOMER, customers(name(RecordKind.CUSTOMER)));
    List<String> motions = motions();
    if (second % HELD_BACK == 0) {
      heldBack.put(second + HELD_BACK_SECONDS, motions);
      motions = List.of();
    }
    put(files, RecordKind.ACCELEROMETER, motions);
    List<String> late = heldBack.remove(second);
    if (late != null) {
      put(files, "late-" + name(RecordKind.ACCELEROMETER), RecordKind.ACCELEROMETER, late);
    }
    put(files, RecordKind.STEP_TRAINER, steps());
    second++;
    return files;
  }

  /** The files that were held back and are so still. */
  Map<String, byte[]> last() {
    Map<String, byte[]> files = new TreeMap<>();
    heldBack.forEach(
        (due, lines) ->
            put(
                files,
                "last-%d-%s".formatted(due, name(RecordKind.ACCELEROMETER)),
                RecordKind.ACCELEROMETER,
                lines));
    heldBack.clear();
    return files;
  }

  /** How many records of a kind were in the files, repeated ones included. */
  long records(RecordKind kind) {
    return records.get(kind);
  }

  /** How many lines of the files were no records. */
  long rejects() {
    return rejects;
  }

  /** Who gave or withdrew consent while the feed went on, in order. */
  List<Change> changes() {
    return List.copyOf(changes);
  }

  private String name(RecordKind kind) {
    return "%s-%06d.json".formatted(kind.tableName(), second);
  }

  private void put(Map<String, byte[]> files, RecordKind kind, List<String> lines) {
    put(files, name(kind), kind, lines);
  }

  private void put(Map<String, byte[]> files, String name, RecordKind kind, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append('\n');
      records.merge(kind, 1L, Long::sum);
      if (random.nextInt(REPEATED) == 0) {
        text.append(line).append('\n');
        records.merge(kind, 1L, Long::sum);
      }
      if (random.nextInt(DIRTY) == 0) {
        text.append(dirty(line)).append('\n');
        rejects++;
      }
    }
    files.put(kind.tableName() + "/" + name, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** One fragment that is no record. */
  private String dirty(String line) {
    return switch (random.nextInt(4)) {
      case 0 -> line.substring(0, line.length() - 1 - random.nextInt(8));
      case 1 -> "not json at all";
      case 2 -> "{}";
      default -> "[1, 2, 3]";
    };
  }

  private List<String> customers(String file) {
    List<String> lines = new ArrayList<>();
    if (second == 0) {
      people.forEach(person -> lines.add(version(person)));
      return lines;
    }
    Person person = people.get(random.nextInt(PEOPLE));
    long now = began + second * 1000L;
    switch (second % 5) {
      case 0, 2 -> {
        person.consents = !person.consents;
        person.updated = now;
        lines.add(version(person));
        changes.add(new Change(person.email(), person.serial(), person.consents, file));
      }
      case 1 -> {
        // Something else of the account, such as its phone.
        person.updated = now;
        lines.add(version(person));
      }
      case 3 -> {
        // An older version that comes late, with another word on consent: it changes nothing.
        Person older = new Person(person.number, person.registered, !person.consents);
        older.updated = person.updated - 1;
        lines.add(version(older));
      }
      default -> {}
    }
    return lines;
  }

  private String version(Person person) {
    return """
        {"customerName":"Person %d","email":"%s","phone":"555%07d","birthDay":"1990-01-01","serialNumber":"%s","registrationDate":%d,"lastUpdateDate":%d%s}"""
        .formatted(
            person.number,
            person.email(),
            random.nextInt(10_000_000),
            person.serial(),
            person.registered,
            person.updated,
            person.consents ? ",\"shareWithResearchAsOfDate\":%d".formatted(person.updated) : "");
  }

  private List<String> motions() {
    List<String> lines = new ArrayList<>();
    for (Person person : moving()) {
      for (int i = 0; i < MOTIONS_A_SECOND; i++) {
        lines.add(
            String.format(
                Locale.ROOT,
                "{\"user\":\"%s\",\"timestamp\":%d,\"x\":%.3f,\"y\":%.3f,\"z\":%.3f}",
                person.email(),
                instant(person, i * 1000 / MOTIONS_A_SECOND),
                random.nextGaussian(),
                random.nextGaussian(),
                random.nextGaussian()));
      }
    }
    return lines;
  }

  private List<String> steps() {
    List<String> lines = new ArrayList<>();
    for (Person person : moving()) {
      for (int i = 0; i < STEPS_A_SECOND; i++) {
        lines.add(
            "{\"sensorReadingTime\":%d,\"serialNumber\":\"%s\",\"distanceFromObject\":%d}"
                .formatted(
                    instant(person, i * 1000 / STEPS_A_SECOND),
                    person.serial(),
                    200 + random.nextInt(100)));
      }
    }
    return lines;
  }

  /** Both sensors of a person tell the same instants, and others mostly other ones. */
  private long instant(Person person, int millis) {
    return began + second * 1000L + millis + person.number % (1000 / MOTIONS_A_SECOND);
  }

  private List<Person> moving() {
    List<Person> moving = new ArrayList<>();
    for (int i = 0; i < MOVING; i++) {
      moving.add(people.get((second / 30 * 70 + i) % PEOPLE));
    }
    return moving;
  }
}
