package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Rules;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories (several versions and accounts of one address, consent given and withdrawn,
 * shared devices, repeats, days between files, all in random order and, but for the times, random
 * spellings) against a computation that shares nothing with the jobs.
 */
class MeaningTest {

  private static final long START = 1_655_000_000_000L;
  private static final long DAY = 86_400_000L;

  @TempDir private Path folder;

  private static final List<Rules> EQUAL_TIMES =
      List.of(
          new Rules(false, false, false, 0),
          new Rules(true, true, false, 0),
          new Rules(false, false, true, 0));

  /** Steps are taken with motions, or a millisecond later; motions, a second apart. */
  private static final List<Rules> WITHIN_A_TOLERANCE =
      List.of(
          new Rules(false, false, false, 1),
          new Rules(false, true, true, 1000),
          new Rules(true, false, true, 2500));

  /** Both modes with all rules, or one mode with equal times and the other with a tolerance. */
  static List<Arguments> runs() {
    Random random = new Random(Chance.seed(MeaningTest.class));
    List<List<Rules>> all = new ArrayList<>(List.of(EQUAL_TIMES, WITHIN_A_TOLERANCE));
    Collections.shuffle(all, random);
    List<Arguments> runs = new ArrayList<>();
    for (RunMode mode : RunMode.values()) {
      List<Rules> some =
          Chance.LONG
              ? all.stream().flatMap(List::stream).toList()
              : List.of(all.get(mode.ordinal()).get(random.nextInt(3)));
      some.forEach(rules -> runs.add(Arguments.of(mode, rules, random.nextLong())));
    }
    return runs;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyDerivedTableEqualsTheReference(RunMode mode, Rules rules, long seed) throws Exception {
    Random random = new Random(seed);
    List<Customer> customers = customers(random);
    List<Motion> motions = motions(random);
    List<Step> steps = steps(random, motions);
    Path input = folder.resolve("input");
    RawFiles.write(
        input,
        "customer",
        shuffled(customers.stream().map(c -> RawFiles.json(c, random)), random),
        5);
    RawFiles.write(
        input,
        "accelerometer",
        shuffled(motions.stream().map(m -> RawFiles.json(m, random)), random),
        7);
    RawFiles.write(
        input,
        "step_trainer",
        shuffled(steps.stream().map(s -> RawFiles.json(s, random)), random),
        3);

    ReferenceTables expected = new ReferenceTables(customers, motions, steps, rules);
    try (TestLake lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of(
                "consent.from-date",
                String.valueOf(rules.consentFromDate()),
                "consent.every-holder",
                String.valueOf(rules.everyHolder()),
                "machine-learning.match",
                rules.matchDevice() ? "device" : "time",
                "machine-learning.tolerance",
                rules.tolerance() + "ms",
                "streaming.checkpoint-interval",
                "200ms"))) {
      lake.run(mode, input);
      LakeRows rows = new LakeRows(lake);
      assertThat(lake.counts())
          .as("seed %d", seed)
          .containsEntry("customer_landing", (long) customers.size())
          .containsEntry("accelerometer_landing", (long) motions.size())
          .containsEntry("step_trainer_landing", (long) steps.size())
          .containsEntry("rejected_landing", 0L);
      assertThat(rows.customerTrusted())
          .as("customer_trusted, seed %d", seed)
          .containsExactlyElementsOf(expected.customerTrusted());
      assertThat(rows.accelerometerTrusted())
          .as("accelerometer_trusted, seed %d", seed)
          .containsExactlyElementsOf(expected.accelerometerTrusted());
      assertThat(rows.customerCurated())
          .as("customer_curated, seed %d", seed)
          .containsExactlyElementsOf(expected.customerCurated());
      assertThat(rows.stepTrainerTrusted())
          .as("step_trainer_trusted, seed %d", seed)
          .containsExactlyElementsOf(expected.stepTrainerTrusted());
      assertThat(rows.machineLearningCurated())
          .as("machine_learning_curated, seed %d", seed)
          .containsExactlyElementsOf(expected.machineLearningCurated());
      assertThat(expected.machineLearningCurated()).as("the data has pairs").isNotEmpty();
      assertThat(rows.rows("customer_trusted", "email"))
          .as("addresses by which other tables are joined, seed %d", seed)
          .containsAll(rows.rows("accelerometer_trusted", "user"))
          .doesNotHaveDuplicates();
      assertThat(rows.rows("customer_curated", "serialnumber"))
          .as("serial numbers by which other tables are joined, seed %d", seed)
          .containsAll(rows.rows("step_trainer_trusted", "serialnumber"));
      for (String table : TestLake.DERIVED) {
        Set<String> key = lake.table(table).schema().identifierFieldNames();
        assertThat(key).as("the key of %s", table).isNotEmpty();
        assertThat(rows.rows(table, key.toArray(String[]::new)))
            .as("keys of %s, seed %d", table, seed)
            .doesNotHaveDuplicates();
      }
    }
  }

  private static List<Customer> customers(Random random) {
    List<Customer> customers = new ArrayList<>();
    for (int person = 0; person < 40; person++) {
      for (int account = 0; account <= random.nextInt(3); account++) {
        long registered = START + random.nextInt(20) * DAY + person * 1000L + account;
        for (int version = 0; version <= random.nextInt(6); version++) {
          long updated = registered + version * 3_600_000L + random.nextInt(1000);
          Long consent = random.nextInt(3) == 0 ? null : updated + random.nextInt(5) * DAY;
          customers.add(
              new Customer(
                  "person%d@example.com".formatted(person),
                  "device-%d".formatted(random.nextInt(30)),
                  registered,
                  updated,
                  consent));
        }
      }
    }
    return customers;
  }

  private static List<Motion> motions(Random random) {
    List<Motion> motions = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Motion motion =
          new Motion(
              "person%d@example.com".formatted(random.nextInt(45)),
              START + random.nextInt(40) * DAY + random.nextInt(8) * 1000L,
              random.nextInt(3),
              random.nextInt(2) / 8.0,
              -0.5);
      motions.add(motion);
      if (random.nextInt(10) == 0) {
        motions.add(motion);
      }
    }
    return motions;
  }

  private static List<Step> steps(Random random, List<Motion> motions) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Step step =
          new Step(
              motions.get(random.nextInt(motions.size())).time() + (random.nextInt(5) == 0 ? 1 : 0),
              "device-%d".formatted(random.nextInt(35)),
              random.nextInt(4));
      steps.add(step);
      if (random.nextInt(10) == 0) {
        steps.add(step);
      }
    }
    return steps;
  }

  private static List<String> shuffled(Stream<String> lines, Random random) {
    List<String> list = new ArrayList<>(lines.toList());
    Collections.shuffle(list, random);
    return list;
  }
}
