package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Consent and identity, case by case: when in doubt, the answer is no. */
class ConsentTest {

  private static final long GIVEN = 1_700_000_000_000L;
  private static final long TAKEN_BACK = GIVEN + 86_400_000L;
  @TempDir private Path folder;

  private final List<String> customers = new ArrayList<>();
  private final List<String> motions = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void consentIsTakenBackInAnySpelling(RunMode mode) throws Exception {
    List<String> spellings =
        List.of(
            ",\"shareWithResearchAsOfDate\":0",
            ",\"shareWithResearchAsOfDate\":\"\"",
            ",\"shareWithResearchAsOfDate\":false",
            ",\"shareWithResearchAsOfDate\":NaN",
            ",\"shareWithResearchAsOfDate\":None",
            ",\"shareWithResearchAsOfDate\":\"kim@lake.example\"",
            ",\"shareWithResearchAsOfDate\":null",
            ",\"shareWithResearchAsOfDate\":null,\"phone\":null,\"customerName\":NaN",
            "");
    for (int i = 0; i < spellings.size(); i++) {
      String email = "person%d@lake.example".formatted(i);
      customer(email, "device-" + i, GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
      customer(email, "device-" + i, TAKEN_BACK, spellings.get(i));
      reading(email, "device-" + i, GIVEN + i);
    }
    customer("yes@lake.example", "device-yes", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
    reading("yes@lake.example", "device-yes", GIVEN);

    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      LakeSummary result = lake.run(mode, written());
      assertThat(lake.counts())
          .containsEntry("customer_landing", 2L * spellings.size() + 1)
          .containsEntry("rejected_landing", 0L);
      for (String table : TestLake.DERIVED) {
        assertThat(lake.records(table)).as(table).hasSize(1);
      }
      assertThat(new LakeRows(lake).rows("customer_trusted", "email"))
          .containsExactly("yes@lake.example");
      assertThat(result.unusable())
          .isEqualTo(
              Map.of(
                  "customer_landing: sharewithresearchasofdate=0", 1L,
                  "customer_landing: sharewithresearchasofdate=\"\"", 1L,
                  "customer_landing: sharewithresearchasofdate=false", 1L,
                  "customer_landing: sharewithresearchasofdate=NaN", 1L,
                  "customer_landing: sharewithresearchasofdate=None", 1L,
                  "customer_landing: sharewithresearchasofdate=\"a@a.a\"", 1L,
                  "customer_landing: customername=NaN", 1L));
      assertThat(result.rejectedAccounts()).isZero();
    }
    Path reduced = Files.createDirectories(folder.resolve("reduced"));
    try (TestLake lake = TestLake.in(folder.resolve("prepared"))) {
      lake.prepare(written().toUri(), reduced.toUri());
    }
    try (TestLake lake = TestLake.in(folder.resolve("from-reduced"))) {
      lake.run(mode, reduced);
      assertThat(lake.counts()).containsEntry("customer_landing", spellings.size() + 1L);
      assertThat(new LakeRows(lake).rows("customer_trusted", "email"))
          .as("trusted after prepare")
          .containsExactly("yes@lake.example");
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void oneAddressInTwoSpellingsIsOneAccount(RunMode mode) throws Exception {
    customer("Kim@Lake.example", "dev-1", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
    customer("kim@lake.example", "dev-1", TAKEN_BACK, "");
    reading("Kim@Lake.example", "dev-1", GIVEN);
    customer("Lee@lake.example", "dev-2", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
    reading(" lee@lake.example\\t", "DEV-2", GIVEN + 1);
    reading("\\u2003LEE@lake.example", "dev-2\\u00a0", GIVEN + 1);
    reading("lee@LAKE.example\\ufeff", "\\u3000dev-2", GIVEN + 2);

    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(mode, written());
      LakeRows rows = new LakeRows(lake);
      assertThat(rows.rows("customer_landing", "email"))
          .as("landing keeps what arrived")
          .containsExactly("Kim@Lake.example", "Lee@lake.example", "kim@lake.example");
      assertThat(rows.rows("customer_trusted", "email", "account"))
          .containsExactly("Lee@lake.example|lee@lake.example");
      assertThat(rows.rows("accelerometer_trusted", "user", "timestamp"))
          .containsExactly("Lee@lake.example|" + (GIVEN + 1), "Lee@lake.example|" + (GIVEN + 2));
      assertThat(rows.rows("step_trainer_trusted", "serialnumber", "sensorreadingtime"))
          .containsExactly("dev-2|" + (GIVEN + 1), "dev-2|" + (GIVEN + 2));
      assertThat(rows.rows("machine_learning_curated", "device_matched"))
          .containsExactly("true", "true");
    }
    Path reduced = Files.createDirectories(folder.resolve("reduced"));
    try (TestLake lake = TestLake.in(folder.resolve("prepared"))) {
      lake.prepare(written().toUri(), reduced.toUri());
      assertThat(new LakeRows(lake).rows("accelerometer_cleaned_landing", "user"))
          .as("cleaned tables keep what arrived")
          .contains(" lee@lake.example\t", "\u2003LEE@lake.example", "lee@LAKE.example\ufeff");
      LakeQuery query = new LakeQuery(lake.settings(), lake.lake());
      assertThat(answer(query, "distinct_emails")).isEqualTo(2L);
    }
    assertThat(lines(reduced.resolve("customer")))
        .as("reduced customers")
        .hasSize(2)
        .noneMatch(line -> line.contains("kim@") && line.contains("shareWithResearch"));
    assertThat(lines(reduced.resolve("accelerometer"))).as("reduced readings").hasSize(3);
    assertThat(lines(reduced.resolve("step_trainer"))).as("reduced steps").hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void aBlankAddressOrSerialNumberIsMissing(RunMode mode) throws Exception {
    for (String blank : List.of("", " ", "\\u00a0\\t")) {
      customer(blank, "dev-1", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
      reading(blank, "dev-1", GIVEN);
      customer("kim@lake.example", blank, GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
      reading("kim@lake.example", blank, GIVEN);
    }
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      LakeSummary result = lake.run(mode, written());
      assertThat(result.rejects())
          .isEqualTo(
              Map.of(
                  "missing field: email", 3L,
                  "missing field: user", 3L,
                  "missing field: serialnumber", 6L));
      for (String table : TestLake.DERIVED) {
        assertThat(lake.records(table)).as(table).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void minusZeroAndZeroAreOneReading(RunMode mode) throws Exception {
    customer("kim@lake.example", "dev-1", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
    steps.add(RawFiles.json(new Step(GIVEN, "dev-1", 7)));
    for (String zero : List.of("0.0", "-0.0", "0", "-0", "0E0", "-0e5", "\"-0.0\"")) {
      motions.add(
          "{\"user\":\"kim@lake.example\",\"timestamp\":%d,\"x\":%s,\"y\":-1.0,\"z\":0.0}"
              .formatted(GIVEN, zero));
    }
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(mode, written());
      assertThat(new LakeRows(lake).accelerometerTrusted())
          .containsExactly("kim@lake.example|%d|0.0|-1.0|0.0".formatted(GIVEN));
      assertThat(lake.records("machine_learning_curated")).hasSize(1);
      lake.prepare(written().toUri(), null);
      assertThat(lake.records("accelerometer_cleaned_landing")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void aRejectedVersionThatNamesAnAccountIsReported(RunMode mode) throws Exception {
    String consent = ",\"shareWithResearchAsOfDate\":" + GIVEN;
    customer("kim@lake.example", "dev-1", GIVEN, consent);
    customer("lee@lake.example", "dev-2", GIVEN, consent);
    customer("o'neil@lake.example", "dev-3", GIVEN, consent);
    // Cut off twice, without a time, as another program prints it, in another case and escaped.
    customers.add("{\"email\":\"Kim@lake.example\",\"serialNumber\":\"dev-1\",\"regis");
    customers.add("{\"lastUpdateDate\":1,\"EMAIL\": \"kim@lake.example\",\"serialNumber\":\"d");
    customers.add("{'email': 'lee@lake.example', 'shareWithResearchAsOfDate': None}");
    customers.add("{\"email\":\"o'neil\\u0040lake.example\",\"serialNumber\":\"dev-3\"}");
    customers.add("{\"email\":\"never.seen@lake.example\",\"serialNumber\":\"dev-4\"}");
    customers.add("{\"serialNumber\":\"dev-5\"}");
    customers.add("{\"email\":\" \",\"serialNumber\":\"dev-5\"}");
    reading("kim@lake.example", "dev-1", GIVEN);

    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      LakeSummary result = lake.run(mode, written());
      assertThat(new LakeRows(lake).rows("rejected_landing", "account"))
          .containsExactlyInAnyOrder(
              "kim@lake.example",
              "kim@lake.example",
              "lee@lake.example",
              "o'neil@lake.example",
              "never.seen@lake.example",
              "null",
              "null");
      assertThat(result.rejectedAccounts()).isEqualTo(4);
      assertThat(result.rejectedAccountsTrusted()).isEqualTo(3);
      LakeSummary prepared = lake.prepare(written().toUri(), null);
      assertThat(prepared.rejectedAccounts()).isEqualTo(4);
      assertThat(prepared.rejectedAccountsTrusted()).isEqualTo(3);
    }
  }

  @Test
  void reducedRowsBreaksTiesAsThePipelineDoes() throws Exception {
    // Registered and updated at once: the version without consent is the current one.
    customer("kim@lake.example", "dev-2", GIVEN, ",\"shareWithResearchAsOfDate\":" + GIVEN);
    customer("kim@lake.example", "dev-1", GIVEN, "");
    // Then the one shared with the public, then the greater serial number, whatever its case.
    customer("lee@lake.example", "dev-4", GIVEN, "");
    customer("lee@lake.example", "dev-3", GIVEN, ",\"shareWithPublicAsOfDate\":" + GIVEN);
    customer("pat@lake.example", "dev-5", GIVEN, "");
    customer("pat@lake.example", "DEV-6", GIVEN, "");
    reading("kim@lake.example", "dev-1", GIVEN);
    reading("lee@lake.example", "dev-3", GIVEN);
    reading("pat@lake.example", "dev-6", GIVEN);
    steps.add(RawFiles.json(new Step(GIVEN, "dev-4", 1)));
    steps.add(RawFiles.json(new Step(GIVEN, "dev-4", 2)));
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      Path reduced = Files.createDirectories(folder.resolve("reduced"));
      lake.prepare(written().toUri(), reduced.toUri());
      assertThat(lines(reduced.resolve("step_trainer"))).hasSize(3);
      assertThat(answer(new LakeQuery(lake.settings(), lake.lake()), "reduced_rows")).isEqualTo(3L);
    }
  }

  private void customer(String email, String serial, long updated, String more) {
    customers.add(
        "{\"email\":\"%s\",\"serialNumber\":\"%s\",\"registrationDate\":%d,\"lastUpdateDate\":%d%s}"
            .formatted(email, serial, GIVEN, updated, more));
  }

  private void reading(String user, String serial, long time) {
    motions.add(RawFiles.json(new Motion(user, time, 0.5, -1, 0.25)));
    steps.add(RawFiles.json(new Step(time, serial, 200)));
  }

  private Path written() throws IOException {
    Path input = folder.resolve("input");
    RawFiles.write(input, "customer", customers, 1);
    RawFiles.write(input, "accelerometer", motions, 1);
    RawFiles.write(input, "step_trainer", steps, 1);
    return input;
  }

  private static Object answer(LakeQuery query, String name) {
    return query.measured(LakeQuery.published().get(name)).rows().get(0).getField(0);
  }

  private static List<String> lines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }
}
