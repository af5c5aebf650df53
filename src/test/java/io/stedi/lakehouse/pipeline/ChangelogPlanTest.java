package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.Planner;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the planner makes of the jobs: the properties that silently cost rows when they are lost.
 */
class ChangelogPlanTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void everySourceIsReadOnce(RunMode mode) throws Exception {
    List<String> scans = lines(explain(mode, "== Optimized Execution Plan =="), "TableSourceScan");
    List<String> sources =
        new ArrayList<>(List.of("customer_raw", "accelerometer_raw", "step_trainer_raw"));
    if (mode == RunMode.STREAMING) {
      // In batch who is forgotten is left out before, and costs no join.
      sources.add("forgotten");
    }
    assertThat(scans).hasSameSizeAs(sources);
    for (String source : sources) {
      assertThat(scans).filteredOn(line -> line.contains(source)).hasSize(1);
    }
  }

  /**
   * FLINK-40368: a Rank planned as insert-only drops its retractions without a word. Those that
   * keep the first row to arrive have none, and become what the next test looks at.
   */
  @Test
  void everyRankSendsRetractions() throws Exception {
    List<String> ranks =
        lines(explain(RunMode.STREAMING, "== Optimized Physical Plan =="), "Rank(").stream()
            .filter(rank -> !rank.contains("orderBy=[arrival ASC]"))
            .toList();
    assertThat(ranks).isNotEmpty().allSatisfy(rank -> assertThat(rank).endsWith("[I,UB,UA,D])"));
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void holdersOfADeviceCostNothingUnlessTheyAreAsked(RunMode mode) throws Exception {
    assertThat(explain(mode, "== Optimized Execution Plan ==")).doesNotContain("until");
  }

  /** Pairs in the order of time take less room. */
  @Test
  void batchMergesThePairs() throws Exception {
    assertThat(lines(explain(RunMode.BATCH, "== Optimized Execution Plan =="), "bucket"))
        .filteredOn(line -> line.contains("Join("))
        .singleElement()
        .asString()
        .contains("SortMergeJoin(joinType=[InnerJoin]");
  }

  @Test
  void distinctReadingsAreAppendedOnce() throws Exception {
    String plan = explain(RunMode.STREAMING, "== Optimized Execution Plan ==");
    assertThat(lines(plan, "Deduplicate("))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("keep=[FirstRow]", "order=[PROCTIME]", "outputInsertOnly=[true]"));
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void nothingHoldsTheReadingsForAKeyOfTheSink(RunMode mode) throws Exception {
    assertThat(explain(mode, "== Optimized Execution Plan =="))
        .doesNotContain("upsertMaterialize=[true]");
  }

  /**
   * What a withdrawal takes back, every join takes back. UB is what becomes of a customer's version
   * that the next one does not follow with consent.
   */
  @Test
  void theJoinsOfAStreamTakeRowsBackAndNoneGoesByEventTime() throws Exception {
    String plan = explain(RunMode.STREAMING, "== Optimized Physical Plan ==");
    assertThat(lines(plan, "Join("))
        .isNotEmpty()
        .allSatisfy(
            join ->
                assertThat(join)
                    .containsAnyOf("changelogMode=[I,UB,UA]", "changelogMode=[I,UB,UA,D]"));
    assertThat(lines(plan, "bucket"))
        .filteredOn(line -> line.contains("Join("))
        .allSatisfy(join -> assertThat(join).contains("changelogMode=[I,UB,UA,D]"));
    assertThat(plan)
        .doesNotContain("Watermark", "ROWTIME", "rowtime", "IntervalJoin", "TemporalJoin");
    String executed = explain(RunMode.STREAMING, "== Optimized Execution Plan ==");
    assertThat(lines(executed, "Join(")).as("each is made once").hasSize(10);
    assertThat(lines(executed, "Exchange(distribution=[single])")).isEmpty();
    assertThat(executed.lines().filter(line -> line.contains("Join(")))
        .filteredOn(line -> line.contains(">= usable_from)") || line.contains(">= since)"))
        .hasSize(2)
        .as("a reading finds its consent by the key")
        .allSatisfy(join -> assertThat(join).contains("rightInputSpec=[JoinKeyContainsUniqueKey]"));
  }

  /** A stream may not: consent that comes later counts for readings that came before. */
  @Test
  void batchSortsNoReadingsOfThoseWhoDoNotConsent() throws Exception {
    String plan = explain(RunMode.BATCH, "== Optimized Execution Plan ==");
    List<String> sorted =
        Pattern.compile(
                "OverAggregate\\(partitionBy=\\[moment,(?s:.*?)\n[ :]*[:+]- Exchange\\(distribution=\\[hash\\[moment, (?s:.*?)Reused\\(reference_id=\\[(\\d+)]")
            .matcher(plan)
            .results()
            .map(readings -> readings.group() + "\n" + reused(plan, readings.group(1)))
            .toList();
    assertThat(sorted)
        .hasSize(2)
        .allSatisfy(
            readings ->
                assertThat(readings)
                    .containsSubsequence("Sort(", "Exchange(", "HashJoin(", "isBroadcast=[true]"));
  }

  @Test
  void noJoinIsACrossJoin() throws Exception {
    String plan = explain(RunMode.STREAMING, "== Optimized Execution Plan ==");
    assertThat(plan).doesNotContain("NestedLoopJoin");
    assertThat(lines(plan, "Join(")).isNotEmpty().noneMatch(join -> join.contains("where=[true]"));
  }

  /** Readings, and what tells their copies. Were it customers, consent would be forgotten. */
  @Test
  void onlyReadingsExpire() throws Exception {
    assertThat(lifetimes(Map.of("streaming.state-ttl", "30d")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("deduplicate 30 d", "deduplicate 30 d"),
                    Stream.of("join 30 d, 0 ms", "join 30 d, 0 ms", "join 30 d, 30 d"))
                .toList());
    assertThat(lifetimes(Map.of())).isEmpty();
  }

  /** Of several keys, the compiled plan has now one and now another first: never twice the same. */
  @Test
  void noJoinHasTwoUniqueKeysOfOneSide() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      for (String side : List.of("leftUpsertKeys", "rightUpsertKeys")) {
        List<JsonNode> keys = compiled(lake).findValues(side);
        assertThat(keys).isNotEmpty().allSatisfy(key -> assertThat(key.size()).isLessThan(2));
      }
    }
  }

  private JsonNode compiled(TestLake lake) throws Exception {
    Pipeline pipeline = new Pipeline(lake.settings(), lake.lake());
    Plan plan = plan(lake, RunMode.STREAMING);
    TableEnvironment environment = pipeline.environment(plan, Map.of());
    return new ObjectMapper()
        .readTree(pipeline.compile(environment, pipeline.statementSet(environment, plan, null)));
  }

  /** The kind of each operator some of whose state expires, with the lifetime of each state. */
  private List<String> lifetimes(Map<String, String> settings) throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake-" + settings.size()), settings)) {
      return StreamSupport.stream(compiled(lake).get("nodes").spliterator(), false)
          .filter(node -> node.has("state"))
          .map(
              node ->
                  node.get("type").asText().replaceAll("stream-exec-|_.*", "")
                      + " "
                      + String.join(", ", node.get("state").findValuesAsText("ttl")))
          .filter(node -> !node.matches("[^ ]* 0 ms(, 0 ms)*"))
          .toList();
    }
  }

  private Plan plan(TestLake lake, RunMode mode) {
    return new Planner(SqlProgram.load(), lake.settings()).run(mode, folder.toUri(), Set.of());
  }

  private String explain(RunMode mode, String section) throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve(mode.name()))) {
      Pipeline pipeline = new Pipeline(lake.settings(), lake.lake());
      Plan plan = plan(lake, mode);
      String explained =
          pipeline
              .statementSet(pipeline.environment(plan, Map.of()), plan, null)
              .explain(ExplainDetail.CHANGELOG_MODE);
      int start = explained.indexOf(section);
      assertThat(start).as("the explanation has the section %s", section).isNotNegative();
      int end = explained.indexOf("\n== ", start + 1);
      return explained.substring(start, end < 0 ? explained.length() : end);
    }
  }

  /** The part of a plan that others read from. */
  private static String reused(String plan, String id) {
    return Pattern.compile("(?m)^.*\\(reuse_id=\\[" + id + "]\\)(?s:.*?)(?=\n\n|\\z)")
        .matcher(plan)
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(String plan, String operator) {
    return Arrays.stream(plan.split("\n")).filter(line -> line.contains(operator)).toList();
  }
}
