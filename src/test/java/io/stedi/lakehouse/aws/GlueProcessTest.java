package io.stedi.lakehouse.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.testing.AwsCall;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.AwsProxy;
import io.stedi.lakehouse.testing.AwsProxy.Fate;
import io.stedi.lakehouse.testing.LakeFolder;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything on S3 and Glue: raw files, tables, checkpoints and reduced data. */
@Tag("process")
class GlueProcessTest {

  private static final String RAW = AwsLake.uri("raw");
  private static final double FAULTY = 0.05;

  @TempDir private static Path shared;

  private static AwsLake aws;
  private static Map<String, Long> expected;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    aws = AwsLake.start();
    Stedi.Result generated =
        stedi(shared)
            .run(
                "generate",
                RAW,
                "--customers=" + SharedLake.SAMPLE.customers(),
                "--seed=" + SharedLake.SAMPLE.seed());
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    expected = new TreeMap<>(SharedLake.sample().counts());
    expected.keySet().removeIf(table -> table.endsWith("_cleaned_landing"));
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @BeforeEach
  void serveAll() {
    aws.proxy().rule(call -> AwsProxy.SERVED);
  }

  @Test
  void bothModesFillTheTablesWithTheCallsThatTheStackAllows() throws Exception {
    // A database of its own: making the tables is part of it.
    String database = "policy";
    aws.makeDatabase(database);
    aws.proxy().forgetCalls();
    assertThat(run("--mode", "batch", "-D", "database=" + database)).isEqualTo(expected);
    assertThat(
            run(
                "--mode",
                "streaming",
                "-D",
                "streaming.bounded=true",
                "--fresh",
                "-D",
                "database=" + database,
                "-D",
                "streaming.checkpoint-interval=1s",
                "-D",
                "streaming.state-folder=" + AwsLake.uri("checkpoints/streaming")))
        .isEqualTo(expected);
    Stedi.Result check =
        stedi(folder)
            .run(
                "check",
                "--conf=aws",
                "--input=" + RAW,
                "-Ddatabase=" + database,
                "-Dparallelism=2");
    assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
    assertThat(check.out())
        .contains("raw_files", "same_rows", "consent", "references", "unique_keys")
        .doesNotContain("not asked");
    LakePolicy policy = LakePolicy.load(AwsLake.BUCKET, database);
    List<AwsCall> calls = aws.proxy().calls();
    assertThat(calls).filteredOn(call -> !policy.allows(call)).isEmpty();
    assertThat(policy.actions())
        .as("allowed, and used by a run")
        .isEqualTo(LakePolicy.withUnseen(calls.stream().map(AwsCall::action).toList()));

    // As whoever looks at the lake, and not as the job.
    Stedi.Result query =
        stedi(folder)
            .run(
                "query",
                "--conf=aws",
                "--format=csv",
                "-Ddatabase=" + database,
                "--file=" + Path.of("jobs", "queries", "table_counts.sql").toAbsolutePath());
    assertThat(query.exitCode()).as(query.err()).isZero();
    expected.forEach((table, rows) -> assertThat(query.out()).contains(table + "," + rows + "\n"));
  }

  @Test
  void aHistoryOfManySmallObjectsIsReducedIntoTheBucket() throws Exception {
    Path local = folder.resolve("history");
    SampleData.write(SampleOptions.history(60, 3, 12), local);
    Stedi stedi = stedi(folder);
    Stedi.Result generated =
        stedi.run(
            "generate",
            AwsLake.uri("raw/history"),
            "--history",
            "--customers=60",
            "--seed=3",
            "--versions=12");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    Stedi.Result prepared =
        stedi.run(
            "prepare",
            "--conf=aws",
            "--input=" + AwsLake.uri("raw/history"),
            "--output=" + AwsLake.uri("reduced"),
            "--format=json",
            "-Dparallelism=2");
    assertThat(prepared.exitCode()).as(prepared.err()).isZero();
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      assertThat(rows(prepared.out()))
          .isEqualTo(rows(lake.prepare(local.toUri(), folder.resolve("reduced").toUri())));
    }
  }

  @Test
  void oneCallInTwentyMayFail() throws Exception {
    fail(FAULTY);
    // Each fault is waited for, and the calls for one table are as those for another.
    String one = "customer_landing";
    assertThat(run("--mode", "batch", "--only", one)).isEqualTo(Map.of(one, expected.get(one)));
  }

  @Test
  void aCommitThatMeetsAnotherIsMadeAgain() throws Exception {
    AtomicBoolean met = new AtomicBoolean();
    aws.proxy()
        .rule(
            call -> {
              if (call.equals(new AwsCall("glue:UpdateTable", "stedi/customer_trusted"))
                  && met.compareAndSet(false, true)) {
                aws.touch("customer_trusted");
              }
              return AwsProxy.SERVED;
            });
    assertThat(run("--mode", "batch")).isEqualTo(expected);
    assertThat(met).isTrue();
  }

  @Test
  void ofRunsThatStartAtOnceOneFillsTheTablesAndTheOthersAreTold() throws Exception {
    List<Process> runs = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      folders.add(Files.createDirectories(folder.resolve("run-" + i)));
      runs.add(stedi(folders.get(i)).start("run", "--conf=aws", "--input=" + RAW, "--format=json"));
    }
    int succeeded = 0;
    for (int i = 0; i < runs.size(); i++) {
      assertThat(runs.get(i).waitFor(4, TimeUnit.MINUTES)).as("run %d ends", i).isTrue();
      if (runs.get(i).exitValue() == 0) {
        succeeded++;
        assertThat(rows(Files.readString(folders.get(i).resolve("stdout.txt"))))
            .isEqualTo(expected);
      } else {
        assertThat(folders.get(i).resolve("stderr.txt"))
            .content()
            .contains("Another run is writing to the lake");
      }
    }
    assertThat(succeeded).isPositive();
  }

  static Stream<Arguments> refusals() {
    Fate noKey =
        new Fate.Refused(
            403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist.");
    Fate badToken =
        new Fate.Refused(
            400, "UnrecognizedClientException", "The security token included in the request is...");
    Fate denied =
        new Fate.Refused(
            400, "AccessDeniedException", "User: x is not authorized to perform: glue:UpdateTable");
    Fate noKms =
        new Fate.Refused(
            403, "AccessDenied", "User: x is not authorized to perform: kms:GenerateDataKey");
    Fate noBucket = new Fate.Refused(404, "NoSuchBucket", "The specified bucket does not exist");
    return Stream.of(
        Arguments.of("s3:ListBucket", noKey, "does not accept the credentials"),
        Arguments.of("s3:ListBucket", noBucket, "Cannot list the input " + RAW),
        Arguments.of("glue:GetTable", badToken, "does not accept the credentials"),
        Arguments.of("glue:UpdateTable", denied, "There is no permission"),
        Arguments.of("s3:PutObject", noKms, "There is no permission"),
        Arguments.of("secretsmanager:GetSecretValue", denied, "Cannot read the secret"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatAwsRefusesIsToldOnceAndChangesNothing(String action, Fate fate, String told)
      throws Exception {
    String before = aws.version("machine_learning_curated");
    Predicate<AwsCall> refused = call -> call.action().equals(action);
    aws.proxy().rule(call -> refused.test(call) ? fate : AwsProxy.SERVED);
    Stedi.Result run = stedi(folder).run("run", "--conf", "aws", "--input", RAW);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.err()).contains("error: ").contains(told).doesNotContain("\tat ");
    assertThat(aws.version("machine_learning_curated")).isEqualTo(before);
  }

  @Test
  void aDatabaseThatIsMissingAndMayNotBeMadeIsTold() throws Exception {
    aws.proxy()
        .rule(
            call ->
                call.action().equals("glue:CreateDatabase")
                    ? new Fate.Refused(
                        400,
                        "AccessDeniedException",
                        "User: x is not authorized to perform: glue:CreateDatabase")
                    : AwsProxy.SERVED);
    Stedi.Result run =
        stedi(folder).run("run", "--conf", "aws", "--input", RAW, "-D", "database=nowhere");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.err()).contains("nowhere", "There is no permission").doesNotContain("\tat ");
  }

  @Tag("long")
  @Test
  void peopleAreForgottenWhileOneCallInHundredFails() throws Exception {
    String database = "forgetting";
    aws.makeDatabase(database);
    String raw = AwsLake.uri("raw-of-people");
    Stedi.Result generated = stedi(folder).run("generate", raw, "--customers=30", "--clean");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    String[] lake = {"--conf=aws", "-Ddatabase=" + database, "-Dparallelism=2"};
    Stedi.Result filled = command("run", lake, "--input=" + raw, "--format=json");
    Stedi.Result people =
        command(
            "query",
            lake,
            "--format=csv",
            "SELECT account, MIN(email) FROM customer_trusted GROUP BY account ORDER BY account LIMIT 3");
    List<String> accounts = people.out().lines().skip(1).map(line -> line.split(",")[0]).toList();
    assertThat(accounts).hasSize(3);
    Path file = Files.write(folder.resolve("accounts"), accounts);

    aws.proxy().forgetCalls();
    fail(0.01);
    Stedi.Result forgotten =
        command(
            "forget",
            lake,
            "--accounts=" + file,
            "--format=json",
            "--raw-files=blank",
            "--input=" + raw);
    JsonNode receipt = new ObjectMapper().readTree(forgotten.out());
    assertThat(receipt.path("done").asBoolean()).as(forgotten.out()).isTrue();
    assertThat(receipt.path("accounts")).hasSize(3);
    assertThat(receipt.path("tables").path("customer_trusted").path("rows").asInt()).isEqualTo(3);
    LakePolicy policy = LakePolicy.load(AwsLake.BUCKET, database);
    assertThat(aws.proxy().calls())
        .as("but for the raw files, which are not where the role reads them")
        .filteredOn(call -> !policy.allows(call))
        .allSatisfy(call -> assertThat(call.resource()).contains("raw-of-people"));
    aws.proxy().rule(call -> AwsProxy.SERVED);

    assertThat(command("forget", lake, "--verify").out()).contains("nothing is left");
    Stedi.Result again = command("run", lake, "--input=" + raw, "--format=json");
    assertThat(rows(again.out()).get("customer_trusted"))
        .isEqualTo(rows(filled.out()).get("customer_trusted") - 3);
    assertThat(command("check", lake, "--input=" + raw).out()).contains("forgotten");
    Path objects = folder.resolve("objects");
    aws.download("warehouse/" + database + ".db", objects);
    aws.download("raw-of-people", objects);
    assertThat(LakeFolder.holding(objects, accounts, List.of())).isEmpty();
    assertThat(LakeFolder.holding(objects, List.of("@"), List.of()))
        .as("others are found")
        .anyMatch(found -> found.contains("customer_trusted"))
        .anyMatch(found -> found.contains("raw-of-people"));
  }

  private Stedi.Result command(String name, String[] lake, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of(name));
    all.addAll(List.of(lake));
    all.addAll(List.of(more));
    Stedi.Result result = stedi(folder).run(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(name + ": " + result.out() + result.err()).isZero();
    return result;
  }

  /** Lets some calls fail, in the ways in which they do. */
  private static void fail(double faulty) {
    Random random = new Random(1);
    aws.proxy()
        .rule(
            call -> {
              synchronized (random) {
                if (random.nextDouble() >= faulty) {
                  return AwsProxy.SERVED;
                }
                return switch (random.nextInt(3)) {
                  case 0 -> new Fate.Refused(503, "SlowDown", "Please reduce your request rate.");
                  case 1 -> new Fate.Dropped(false);
                  default -> new Fate.Dropped(true);
                };
              }
            });
  }

  private Map<String, Long> run(String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("run", "--conf=aws", "--input=" + RAW, "--format=json", "-Dparallelism=2"));
    all.addAll(List.of(arguments));
    Stedi.Result run = stedi(folder).run(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return rows(run.out());
  }

  private static Stedi stedi(Path folder) {
    return aws.stedi(folder, Map.of());
  }

  private static Map<String, Long> rows(String summary) throws Exception {
    Map<String, Long> rows = new TreeMap<>();
    for (Map.Entry<String, JsonNode> table :
        new ObjectMapper().readTree(summary).path("tables").properties()) {
      rows.put(table.getKey(), table.getValue().path("rows").asLong());
    }
    return rows;
  }

  private static Map<String, Long> rows(LakeSummary summary) {
    Map<String, Long> rows = new TreeMap<>();
    summary.tables().forEach(table -> rows.put(table.table(), table.rows()));
    return rows;
  }
}
