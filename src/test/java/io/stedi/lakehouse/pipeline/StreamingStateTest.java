package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
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
    state.begin("the run", PLAN, "{}");
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
    state.begin("the run", PLAN, "{}");
    state.add(new JobID());

    state.begin("another run", PLAN, "{}");

    assertThat(committers(state)).isEmpty();
  }

  @Test
  void theJobsOfAChainThatKeepsThemInOneFileAreKnown() throws IOException {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    state.begin("the run", PLAN, "{}");
    Path chain = folder.resolve("chain.properties");
    Files.writeString(chain, Files.readString(chain) + "jobs=a,b\n");

    JobID next = new JobID();
    state.add(next);

    assertThat(committers(state)).containsExactlyInAnyOrder("a", "b", next.toString());
  }

  @Test
  void theStateOfAProgramThatKeptLessIsRefused() throws IOException {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    state.begin("the run", PLAN, "{}");
    state.requireSameMeaning(PLAN);
    Path chain = folder.resolve("chain.properties");
    Files.writeString(chain, Files.readString(chain).replaceFirst("(?m)^meaning.input=.*", ""));
    assertThatThrownBy(() -> state.requireSameMeaning(PLAN))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("older program", "input", "--fresh");
  }

  @Test
  void theJobsThatDifferAreNamed() {
    StreamingState state = new StreamingState(Location.of(folder.toString()));
    state.begin("the run", PLAN, "{}");
    assertThat(state.changed(PLAN)).hasMessageContaining("not its jobs");
    Plan changed =
        plan(Map.of("first", "SELECT 3", "second", "-- another\n  SELECT 2", "third", "SELECT 4"));
    assertThat(state.changed(changed))
        .hasMessageContainingAll("the jobs first, third.", "--fresh", "--keep-plan");
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
