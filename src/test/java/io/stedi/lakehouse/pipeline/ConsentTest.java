package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.query.LakeQuery;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Consent and identity, case by case: when in doubt, the answer is no. The people of all cases are
 * in one input, each case with addresses and devices of its own and readings of a day of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsentTest {

  private static final long GIVEN = 1_700_000_000_000L;
  private static final long DAY = 86_400_000L;
  private static final long TAKEN_BACK = GIVEN + DAY;
  private static final String CONSENT = ",\"shareWithResearchAsOfDate\":" + GIVEN;

  /** How consent is withheld. */
  private static final List<String> SPELLINGS =
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

  /** By the domain of its addresses. */
  private enum Case {
    NO,
    TWO,
    BLANK,
    ZERO,
    CUT,
    TIE;

    long time(int millis) {
      return GIVEN + ordinal() * DAY + millis;
    }

    String address(String person) {
      return person + "@" + name().toLowerCase(Locale.ROOT);
    }

    /** Of the rows whose first column is an address, a device or a time, those of this case. */
    List<String> of(List<String> rows) {
      String domain = address("");
      String device = domain.substring(1) + "-";
      return rows.stream()
          .filter(
              row -> {
                String first = row.split("\\|")[0];
                String folded = first.strip().toLowerCase(Locale.ROOT);
                return folded.contains(domain)
                    || folded.startsWith(device)
                    || (first.matches("\\d{13}")
                        && (Long.parseLong(first) - GIVEN) / DAY == ordinal());
              })
          .toList();
    }
  }

  private final Map<RunMode, TestLake> lakes = new EnumMap<>(RunMode.class);
  private final Map<RunMode, LakeSummary> summaries = new EnumMap<>(RunMode.class);

  /** Of the reduced data that {@code prepare} made of the input. */
  private TestLake fromReduced;

  private LakeSummary prepared;
  private Path reduced;

  private final List<String> customers = new ArrayList<>();
  private final List<String> motions = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();

  @BeforeAll
  void run(@TempDir Path folder) throws IOException {
    withheld();
    inTwoSpellings();
    blank();
    zero();
    cut();
    ties();
    Path input = folder.resolve("input");
    RawFiles.write(input, "customer", customers, 1);
    RawFiles.write(input, "accelerometer", motions, 1);
    RawFiles.write(input, "step_trainer", steps, 1);
    for (RunMode mode : RunMode.values()) {
      lakes.put(mode, TestLake.in(folder.resolve(mode.name())));
      summaries.put(mode, lakes.get(mode).run(mode, input));
    }
    reduced = Files.createDirectories(folder.resolve("reduced"));
    prepared = lakes.get(RunMode.BATCH).prepare(input.toUri(), reduced.toUri());
    fromReduced = TestLake.in(folder.resolve("from-reduced"));
    fromReduced.run(RunMode.BATCH, reduced);
  }

  @AfterAll
  void close() {
    lakes.values().forEach(TestLake::close);
    fromReduced.close();
  }

  private void withheld() {
    for (int i = 0; i < SPELLINGS.size(); i++) {
      String email = Case.NO.address("person" + i);
      customer(email, "no-" + i, GIVEN, CONSENT);
      customer(email, "no-" + i, TAKEN_BACK, SPELLINGS.get(i));
      reading(email, "no-" + i, Case.NO.time(i));
    }
    customer(Case.NO.address("yes"), "no-yes", GIVEN, CONSENT);
    reading(Case.NO.address("yes"), "no-yes", Case.NO.time(0));
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void consentIsTakenBackInAnySpelling(RunMode mode) throws Exception {
    LakeRows rows = new LakeRows(lakes.get(mode));
    assertThat(Case.NO.of(rows.rows("customer_landing", "email")))
        .hasSize(2 * SPELLINGS.size() + 1);
    assertThat(Case.NO.of(rows.rows("rejected_landing", "account"))).isEmpty();
    assertThat(Case.NO.of(rows.rows("customer_trusted", "email"))).containsExactly("yes@no");
    assertThat(Case.NO.of(rows.rows("customer_curated", "email"))).containsExactly("yes@no");
    assertThat(Case.NO.of(rows.rows("accelerometer_trusted", "user"))).containsExactly("yes@no");
    assertThat(Case.NO.of(rows.rows("step_trainer_trusted", "device"))).containsExactly("no-yes");
    assertThat(Case.NO.of(rows.rows("machine_learning_curated", "sensorreadingtime"))).hasSize(1);
    assertThat(summaries.get(mode).unusable())
        .isEqualTo(
            Map.of(
                "customer_landing: sharewithresearchasofdate=0", 1L,
                "customer_landing: sharewithresearchasofdate=\"\"", 1L,
                "customer_landing: sharewithresearchasofdate=false", 1L,
                "customer_landing: sharewithresearchasofdate=NaN", 1L,
                "customer_landing: sharewithresearchasofdate=None", 1L,
                "customer_landing: sharewithresearchasofdate=\"a@a.a\"", 1L,
                "customer_landing: customername=NaN", 1L));
  }

  @Test
  void consentThatWasTakenBackIsNotThereAfterTheReductionEither() throws Exception {
    LakeRows rows = new LakeRows(fromReduced);
    assertThat(Case.NO.of(rows.rows("customer_landing", "email"))).hasSize(SPELLINGS.size() + 1);
    assertThat(Case.NO.of(rows.rows("customer_trusted", "email"))).containsExactly("yes@no");
  }

  private void inTwoSpellings() {
    customer("Kim@Two", "two-1", GIVEN, CONSENT);
    customer("kim@two", "two-1", TAKEN_BACK, "");
    reading("Kim@Two", "two-1", Case.TWO.time(0));
    customer("Lee@two", "two-2", GIVEN, CONSENT);
    reading(" lee@two\\t", "TWO-2", Case.TWO.time(1));
    reading("\\u2003LEE@two", "two-2\\u00a0", Case.TWO.time(1));
    reading("lee@TWO\\ufeff", "\\u3000two-2", Case.TWO.time(2));
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void oneAddressInTwoSpellingsIsOneAccount(RunMode mode) throws Exception {
    LakeRows rows = new LakeRows(lakes.get(mode));
    assertThat(Case.TWO.of(rows.rows("customer_landing", "email")))
        .as("landing keeps what arrived")
        .containsExactly("Kim@Two", "Lee@two", "kim@two");
    assertThat(Case.TWO.of(rows.rows("customer_trusted", "email", "account")))
        .containsExactly("Lee@two|lee@two");
    assertThat(Case.TWO.of(rows.rows("accelerometer_trusted", "user", "timestamp")))
        .containsExactly("Lee@two|" + Case.TWO.time(1), "Lee@two|" + Case.TWO.time(2));
    assertThat(Case.TWO.of(rows.rows("step_trainer_trusted", "serialnumber", "sensorreadingtime")))
        .containsExactly("two-2|" + Case.TWO.time(1), "two-2|" + Case.TWO.time(2));
    assertThat(
            Case.TWO.of(
                rows.rows("machine_learning_curated", "sensorreadingtime", "device_matched")))
        .containsExactly(Case.TWO.time(1) + "|true", Case.TWO.time(2) + "|true");
  }

  @Test
  void spellingsOfAnAddressAreReducedToOneAccount() throws Exception {
    assertThat(new LakeRows(lakes.get(RunMode.BATCH)).rows("accelerometer_cleaned_landing", "user"))
        .as("cleaned tables keep what arrived")
        .contains(" lee@two\t", "\u2003LEE@two", "lee@TWO\ufeff");
    assertThat(answer("distinct_emails")).as("of all cases").isEqualTo(SPELLINGS.size() + 10L);
    assertThat(reduced("customer", "@two"))
        .hasSize(2)
        .noneMatch(line -> line.contains("kim@") && line.contains("shareWithResearch"));
    assertThat(reduced("accelerometer", "@two")).hasSize(3);
    assertThat(reduced("step_trainer", "two-")).hasSize(3);
  }

  private void blank() {
    for (String blank : List.of("", " ", "\\u00a0\\t")) {
      customer(blank, "blank-1", GIVEN, CONSENT);
      reading(blank, "blank-1", Case.BLANK.time(0));
      customer(Case.BLANK.address("kim"), blank, GIVEN, CONSENT);
      reading(Case.BLANK.address("kim"), blank, Case.BLANK.time(0));
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void aBlankAddressOrSerialNumberIsMissing(RunMode mode) throws Exception {
    assertThat(summaries.get(mode).rejects())
        .containsEntry("missing field: user", 3L)
        // Also those of what is cut off.
        .containsEntry("missing field: email", 3L + 2)
        .containsEntry("missing field: serialnumber", 6L);
    LakeRows rows = new LakeRows(lakes.get(mode));
    assertThat(Case.BLANK.of(rows.rows("customer_trusted", "account"))).isEmpty();
    assertThat(Case.BLANK.of(rows.rows("customer_curated", "account"))).isEmpty();
    assertThat(Case.BLANK.of(rows.rows("accelerometer_trusted", "account"))).isEmpty();
    assertThat(Case.BLANK.of(rows.rows("step_trainer_trusted", "device"))).isEmpty();
    assertThat(Case.BLANK.of(rows.rows("machine_learning_curated", "sensorreadingtime"))).isEmpty();
  }

  private void zero() {
    customer("kim@zero", "zero-1", GIVEN, CONSENT);
    steps.add(RawFiles.json(new Step(Case.ZERO.time(0), "zero-1", 7)));
    for (String zero : List.of("0.0", "-0.0", "0", "-0", "0E0", "-0e5", "\"-0.0\"")) {
      motions.add(
          "{\"user\":\"kim@zero\",\"timestamp\":%d,\"x\":%s,\"y\":-1.0,\"z\":0.0}"
              .formatted(Case.ZERO.time(0), zero));
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void minusZeroAndZeroAreOneReading(RunMode mode) throws Exception {
    LakeRows rows = new LakeRows(lakes.get(mode));
    assertThat(Case.ZERO.of(rows.accelerometerTrusted()))
        .containsExactly("kim@zero|%d|0.0|-1.0|0.0".formatted(Case.ZERO.time(0)));
    assertThat(Case.ZERO.of(rows.rows("machine_learning_curated", "sensorreadingtime"))).hasSize(1);
    assertThat(
            Case.ZERO.of(
                new LakeRows(lakes.get(RunMode.BATCH))
                    .rows("accelerometer_cleaned_landing", "account")))
        .hasSize(1);
  }

  private void cut() {
    customer("kim@cut", "cut-1", GIVEN, CONSENT);
    customer("lee@cut", "cut-2", GIVEN, CONSENT);
    customer("o'neil@cut", "cut-3", GIVEN, CONSENT);
    // Cut off twice, without a time, as another program prints it, in another case and escaped.
    customers.add("{\"email\":\"Kim@cut\",\"serialNumber\":\"cut-1\",\"regis");
    customers.add("{\"lastUpdateDate\":1,\"EMAIL\": \"kim@cut\",\"serialNumber\":\"d");
    customers.add("{'email': 'lee@cut', 'shareWithResearchAsOfDate': None}");
    customers.add("{\"email\":\"o'neil\\u0040cut\",\"serialNumber\":\"cut-3\"}");
    customers.add("{\"email\":\"never.seen@cut\",\"serialNumber\":\"cut-4\"}");
    customers.add("{\"serialNumber\":\"cut-5\"}");
    customers.add("{\"email\":\" \",\"serialNumber\":\"cut-5\"}");
    reading("kim@cut", "cut-1", Case.CUT.time(0));
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void aRejectedVersionThatNamesAnAccountIsReported(RunMode mode) throws Exception {
    List<String> accounts =
        new LakeRows(lakes.get(mode))
            .rows("rejected_landing", "account", "command").stream()
                .filter(row -> row.endsWith("|run"))
                .toList();
    assertThat(Case.CUT.of(accounts))
        .containsExactlyInAnyOrder(
            "kim@cut|run", "kim@cut|run", "lee@cut|run", "o'neil@cut|run", "never.seen@cut|run");
    // Kim of the blank serial numbers is one more.
    assertThat(summaries.get(mode).rejectedAccounts()).isEqualTo(4 + 1);
    assertThat(summaries.get(mode).rejectedAccountsTrusted()).isEqualTo(3);
    assertThat(prepared.rejectedAccounts()).isEqualTo(4 + 1);
    assertThat(prepared.rejectedAccountsTrusted()).isEqualTo(3);
  }

  private void ties() {
    // Registered and updated at once: the version without consent is the current one.
    customer("kim@tie", "tie-2", GIVEN, CONSENT);
    customer("kim@tie", "tie-1", GIVEN, "");
    // Then the one shared with the public, then the greater serial number, whatever its case.
    customer("lee@tie", "tie-4", GIVEN, "");
    customer("lee@tie", "tie-3", GIVEN, ",\"shareWithPublicAsOfDate\":" + GIVEN);
    customer("pat@tie", "tie-5", GIVEN, "");
    customer("pat@tie", "TIE-6", GIVEN, "");
    reading("kim@tie", "tie-1", Case.TIE.time(0));
    reading("lee@tie", "tie-3", Case.TIE.time(0));
    reading("pat@tie", "tie-6", Case.TIE.time(0));
    steps.add(RawFiles.json(new Step(Case.TIE.time(0), "tie-4", 1)));
    steps.add(RawFiles.json(new Step(Case.TIE.time(0), "tie-4", 2)));
  }

  @Test
  void reducedRowsBreaksTiesAsThePipelineDoes() throws Exception {
    assertThat(reduced("step_trainer", "tie-")).hasSize(3);
    // Pairs as they arrived: Lee's motion and step of one instant are there in two spellings each.
    assertThat(answer("reduced_rows")).isEqualTo(reduced("accelerometer", "").size() + 3L);
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

  /** What a published query answers of the prepared lake. */
  private Object answer(String query) {
    TestLake lake = lakes.get(RunMode.BATCH);
    return new LakeQuery(lake.settings(), lake.lake())
        .measured(LakeQuery.published().get(query))
        .rows()
        .get(0)
        .getField(0);
  }

  /** The lines of a kind of reduced data that contain a text in any case. */
  private List<String> reduced(String kind, String part) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var files = Files.walk(reduced.resolve(kind))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines.stream().filter(line -> line.toLowerCase(Locale.ROOT).contains(part)).toList();
  }
}
