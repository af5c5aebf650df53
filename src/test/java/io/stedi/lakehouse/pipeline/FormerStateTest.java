package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.apache.flink.util.FileUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which state of a former run a streaming run goes on from, and which it refuses. Each test finds a
 * run that was stopped, and leaves one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormerStateTest {

  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final long T = 1_655_000_000_000L;

  private Path folder;
  private TestLake lake;
  private Path raw;
  private int readings;

  @BeforeAll
  void runAndStop(@TempDir Path temporary) throws Exception {
    folder = temporary;
    raw = Files.createDirectories(folder.resolve("raw"));
    lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of(
                "streaming.bounded", "false",
                "streaming.monitor-interval", "100ms",
                "streaming.settle-time", "100ms",
                "streaming.checkpoint-interval", "500ms"));
    PipelineRun run = run(Resume.SAME_PROGRAM);
    RawFiles.arrive(raw, "customer", RawFiles.json(new Customer("ann@x", "a1", T, T, T)));
    readAndStop(run);
  }

  @AfterAll
  void close() {
    lake.close();
  }

  @Test
  void aProgramThatHasChangedIsRefusedUnlessItsFormerPlanIsAskedFor() throws Exception {
    Path kept = state("program.properties");
    String told = Files.readString(kept);
    StreamProgram program = StreamProgram.parse(told);
    Map<String, String> parts = new TreeMap<>(program.parts());
    parts.put("the job research_consent", "another");
    StreamProgram other =
        new StreamProgram(
            program.meaning(),
            parts,
            program.compiledPlan().replaceFirst("\"description\" : \"", "$0of another program: "));
    assertThat(other.compiledPlan()).isNotEqualTo(program.compiledPlan());
    Files.writeString(kept, other.text());

    assertThatThrownBy(() -> run(Resume.SAME_PROGRAM))
        .isInstanceOfSatisfying(
            LakehouseException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(LakehouseException.Kind.USAGE))
        .hasMessageContainingAll(": the job research_consent.", "--fresh", "--keep-plan");
    PipelineRun run = run(Resume.FORMER_PLAN);
    assertThat(run.notices())
        .anyMatch(notice -> notice.startsWith("going on from checkpoint"))
        .anyMatch(notice -> notice.contains("the program has changed"));
    readAndStop(run);
    assertThat(StreamProgram.parse(Files.readString(kept))).isEqualTo(other);
    Files.writeString(kept, told);
  }

  @Test
  void aPlanThatThisProgramCannotRunIsRefusedAndANewBeginningIsNot() throws Exception {
    Path kept = state("program.properties");
    Files.writeString(
        kept, Files.readString(kept).replace("stream-exec-join_1", "stream-exec-join_0"));
    assertThatThrownBy(() -> run(Resume.FORMER_PLAN))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("cannot go on from the state", "--fresh");

    PipelineRun run = run(Resume.FRESH);
    assertThat(run.notices()).anyMatch(notice -> notice.startsWith("discarding the state"));
    readAndStop(run);
  }

  @Test
  void aStateThatIsOlderThanTheTablesIsRefused() throws Exception {
    Path older = copy("older");
    readAndStop(run(Resume.SAME_PROGRAM));
    Path newest = copy("newest");
    replace(older);
    assertThatThrownBy(() -> run(Resume.SAME_PROGRAM))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("holds rows from after checkpoint", "--fresh");
    assertThat(rows()).as("nothing was changed").isEqualTo(readings);
    replace(newest);
  }

  @Test
  void aStateThatIsNotThereIsNotMadeUp() throws Exception {
    Path whole = copy("whole");
    deleteStates();
    assertThatThrownBy(() -> run(Resume.SAME_PROGRAM))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("holds rows already", "--fresh");
    replace(whole);
  }

  @Test
  void aRunThatEndsDoesNotGoOnFromOneThatWatches() throws Exception {
    assertThatThrownBy(this::runThatEnds)
        .isInstanceOfSatisfying(
            LakehouseException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(LakehouseException.Kind.USAGE))
        .hasMessageContainingAll("begun with streaming.bounded = false", "--fresh");
  }

  @Test
  void anotherInputIsRefused() throws Exception {
    Path other = Files.createSymbolicLink(folder.resolve("other"), raw);
    assertThatThrownBy(
            () ->
                new Pipeline(lake.settings(), lake.lake())
                    .run(RunMode.STREAMING, other.toUri(), Set.of(), Resume.SAME_PROGRAM))
        .isInstanceOfSatisfying(
            LakehouseException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(LakehouseException.Kind.USAGE))
        .hasMessageContainingAll("begun with input = file:", raw.toString(), other.toString());
  }

  private PipelineRun runThatEnds() {
    return new Pipeline(lake.settings().with(Setting.STREAMING_BOUNDED, "true"), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), Resume.SAME_PROGRAM);
  }

  /** Copies the savepoint with which the last run was stopped. */
  private Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    FileUtils.copy(flinkPath(state("savepoints")), flinkPath(copy), false);
    return copy;
  }

  private void replace(Path copy) throws IOException {
    deleteStates();
    Files.move(copy, state("savepoints"));
  }

  private void deleteStates() throws IOException {
    FileUtils.deleteDirectory(state("savepoints").toFile());
    FileUtils.deleteDirectory(state("checkpoints").toFile());
  }

  private static org.apache.flink.core.fs.Path flinkPath(Path path) {
    return new org.apache.flink.core.fs.Path(path.toUri());
  }

  private Path state(String name) {
    return lake.folder().resolve("streaming").resolve(name);
  }

  /**
   * Outside of tests each run has a process of its own. In one where a plan was compiled and then
   * refused, Flink numbers the operators of the next plan on.
   */
  private PipelineRun run(Resume resume) {
    ExecNodeContext.resetIdCounter();
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), resume);
  }

  /** Has one more reading arrive, and stops the run when it is in the table with all before. */
  private void readAndStop(PipelineRun run) throws IOException {
    readings++;
    RawFiles.arrive(
        raw, "accelerometer", RawFiles.json(new Motion("ann@x", T + readings, 0, 0, 1)));
    Awaitility.await(readings + " rows of accelerometer_trusted")
        .atMost(DEADLINE)
        .until(() -> rows() == readings);
    assertThat(run.stop()).isTrue();
    run.await();
  }

  private long rows() throws IOException {
    return lake.counts().get("accelerometer_trusted");
  }
}
