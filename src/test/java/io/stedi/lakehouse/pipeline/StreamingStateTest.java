package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.RunMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingStateTest {

  private static final Plan PLAN =
      plan(Map.of("first", "SELECT 1", "second", "-- one comment\nSELECT 2"));

  private static final StreamProgram PROGRAM = StreamProgram.of(PLAN, "{}");

  private static Plan plan(Map<String, String> views) {
    return new Plan(
        "run",
        RunMode.STREAMING,
        Map.of(),
        Map.of(),
        "file:/raw",
        List.of(),
        List.of(),
        views,
        List.of(),
        List.of());
  }

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsNeverWrittenAnewSinceWhoeverIsKilledMeanwhileWouldLeaveNothing()
      throws IOException {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    state.begin("the run", PROGRAM);
    JobID first = new JobID();
    state.add(first);
    Map<Path, Object> before = files();

    JobID second = new JobID();
    state.add(second);

    assertThat(before).hasSize(3);
    assertThat(files()).containsAllEntriesOf(before).hasSize(4);
    assertThat(committers(state)).containsExactlyInAnyOrder(first.toString(), second.toString());
  }

  @Test
  void aChainThatBeginsHasNoneOfTheJobsOfTheFormer() throws IOException {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    state.begin("the run", PROGRAM);
    state.add(new JobID());

    state.begin("another run", PROGRAM);

    assertThat(committers(state)).isEmpty();
  }

  @Test
  void theProgramOfAChainIsKept() {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    StreamProgram program = StreamProgram.of(PLAN, "{\n  \"a\" : \"\u00fc=\\\\\"\n}");
    state.begin("the run", program);
    assertThat(state.program()).isEqualTo(program);
  }

  @Test
  void theStateOfAnOlderProgramIsRefused() throws IOException {
    Files.writeString(folder.resolve("plan.json"), "{}");
    Files.writeString(folder.resolve("chain.properties"), "run=x\n");
    assertThatThrownBy(() -> new StreamingState(Location.of(folder.toString())).program())
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("a file is missing", "--fresh");
  }

  @Test
  void theJobsThatDifferAreNamed() {
    assertThat(PROGRAM.changed(PLAN)).hasMessageContaining("not its jobs");
    Plan changed =
        plan(Map.of("first", "SELECT 3", "second", "-- another\n  SELECT 2", "third", "SELECT 4"));
    assertThat(PROGRAM.changed(changed))
        .hasMessageContainingAll("the job first, the job third.", "--fresh", "--keep-plan");
  }

  private static Iterable<String> committers(StreamingState state) {
    return state.committedBy(new StreamingState.Saved(Location.of("anywhere"), 1)).jobs();
  }

  /** The files that there are, each with what tells it from another of its name. */
  private Map<Path, Object> files() throws IOException {
    Map<Path, Object> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
      }
    }
    return files;
  }
}
