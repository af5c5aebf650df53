package io.stedi.lakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawSplitEnumeratorTest {

  private static final Watch WATCH =
      new Watch(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60));

  private final EnumeratorContext flink = new EnumeratorContext();
  private final SplitEnumeratorContext<FileSourceSplit> context = flink.context();
  private RawFolder files;
  private Runnable reader;

  /** How many splits readers ask for, of all. */
  private int most;

  private long seconds;

  @TempDir private java.nio.file.Path folder;
  private Path root;

  @BeforeEach
  void findTheFolder() {
    root = new Path(folder.toUri());
    files = RawFolder.of(root, ".*", 10, this::nanoTime);
  }

  @Test
  void whatIsThereIsReadFromTheOldestOnAndThenItEnds() throws Exception {
    write("late", "x", 2_000_000);
    write("early", "a longer text", 1_000_000);
    RawSplitEnumerator source =
        RawSplitEnumerator.ofNew(context, files, root, null, this::nanoTime);
    source.start();
    ask(source, 4);
    assertThat(read()).containsExactly("early@0+10", "early@10+3", "late@0+1");
    assertThat(flink.ended).containsExactly(0);
  }

  @Test
  void aFileThatIsBeingWrittenIsReadWhenItIsComplete() throws Exception {
    RawSplitEnumerator source = watch();
    write("file", "half", 1_000_000);
    ask(source, 1);
    lookFor(3);
    assertThat(read()).isEmpty();
    write("file", "half and", 1_001_000);
    lookFor(3);
    assertThat(read()).isEmpty();
    lookFor(1);
    assertThat(read()).containsExactly("file@0+8");
    assertThat(flink.ended).isEmpty();
  }

  @Test
  void anEmptyFileIsReadWhenItHasBeenFilledHoweverMuchLaterThatIs() throws Exception {
    RawSplitEnumerator source = watch();
    write("file", "", 1_000_000);
    ask(source, 1);
    lookFor(20);
    assertThat(read()).isEmpty();
    write("file", "full", 1_007_000);
    lookFor(4);
    assertThat(read()).containsExactly("file@0+4");
  }

  /** What no file is blocks nobody, and what lies beside it is read once. */
  @Test
  void pipesAndLinksThatLeadBackAreLeftOut() throws Exception {
    java.nio.file.Path local = Paths.get(root.getPath());
    assumeTrue(
        new ProcessBuilder("mkfifo", local.resolve("pipe").toString()).start().waitFor() == 0,
        "skipped: mkfifo cannot be run here");
    Files.createDirectories(local.resolve("below"));
    Files.createSymbolicLink(local.resolve("below").resolve("again"), local);
    Files.createSymbolicLink(local.resolve("itself"), local);
    write("file", "text", 1_000_000);
    RawSplitEnumerator source = watch();
    ask(source, 4);
    lookFor(10);
    assertThat(read()).containsExactly("file@0+4");
  }

  @Test
  void anObjectIsReadAtOnce() throws Exception {
    files = seen -> List.of(new FileSourceSplit("id", new Path("s3://b/raw/o"), 0, 1, 1, 1));
    RawSplitEnumerator source = watch();
    ask(source, 1);
    lookFor(1);
    assertThat(read()).containsExactly("o@0+1");
  }

  /** A look that takes long is not followed by another at once. */
  @Test
  void theTimeBetweenLooksGrowsWithWhatALookTakes() throws Exception {
    RawFolder quick = files;
    files =
        seen -> {
          seconds += 5;
          return quick.look(seen);
        };
    watch();
    lookFor(40);
    assertThat(flink.counters.get("looks").getCount())
        .as("a fourth of 60 s, 5 s each")
        .isEqualTo(3);
  }

  @Test
  void aFileIsReadOnceAlsoAfterARestart() throws Exception {
    write("file", "text", 1_000_000);
    write("waiting", "for a reader", 1_500_000);
    RawSplitEnumerator source = watch();
    ask(source, 1);
    lookFor(10);
    assertThat(read()).containsExactly("file@0+4");
    RawFilesState.Serializer serializer = new RawFilesState.Serializer();
    RawFilesState state =
        serializer.deserialize(
            serializer.getVersion(), serializer.serialize(source.snapshotState(1)));

    RawSplitEnumerator restored =
        RawSplitEnumerator.ofRestored(context, files, root, WATCH, this::nanoTime, state);
    restored.start();
    write("new", "x", 2_000_000);
    ask(restored, 4);
    lookFor(10);
    assertThat(read()).containsExactly("file@0+4", "waiting@0+10", "waiting@10+2", "new@0+1");
  }

  @Test
  void whatComesAfterARunThatEndsHasBegunIsReportedOnceAndNotRead() throws Exception {
    write("first", "1", 1_000_000);
    write("second", "2", 2_000_000);
    RawSplitEnumerator source =
        RawSplitEnumerator.ofNew(context, files, root, null, this::nanoTime);
    source.start();
    ask(source, 1);
    write("first", "another", 3_000_000);
    write("third", "3", 4_000_000);
    RawFilesState state = source.snapshotState(1);
    assertThat(state.watched()).isFalse();
    for (int i = 0; i < 2; i++) {
      source = RawSplitEnumerator.ofRestored(context, files, root, null, this::nanoTime, state);
      source.start();
      assertThat(flink.counters.get("filesLeft").getCount()).isEqualTo(2);
      state = source.snapshotState(2);
    }
    ask(source, 3);
    assertThat(read()).containsExactly("first@0+1", "second@0+1");
    assertThat(flink.ended).containsExactly(0);
  }

  @Test
  void aRunThatWatchesDoesNotGoOnFromOneThatEnds() {
    RawFilesState state =
        RawSplitEnumerator.ofNew(context, files, root, null, this::nanoTime).snapshotState(1);
    RawSplitEnumerator restored =
        RawSplitEnumerator.ofRestored(context, files, root, WATCH, this::nanoTime, state);
    assertThatThrownBy(restored::start)
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "The run that this one would go on from ends when it has read what was there, and this one watches its input. Give streaming.bounded=true as it was, or --fresh to begin anew.");
  }

  @Test
  void aRunDoesNotGoOnFromOneOfAnotherFolder() {
    RawFilesState state =
        RawSplitEnumerator.ofNew(context, files, root, WATCH, this::nanoTime).snapshotState(1);
    Path other = new Path(root, "other");
    RawSplitEnumerator restored =
        RawSplitEnumerator.ofRestored(context, files, other, WATCH, this::nanoTime, state);
    assertThatThrownBy(restored::start)
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageContainingAll(root.toString(), other.toString(), "--fresh");
  }

  @Test
  void aStateOfAnotherVersionIsRefused() throws Exception {
    RawFilesState.Serializer serializer = new RawFilesState.Serializer();
    byte[] state = serializer.serialize(RawFilesState.empty(true, root.toString()));
    for (int other : List.of(4, 6)) {
      assertThatThrownBy(() -> serializer.deserialize(other, state))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("version " + other, "--fresh");
    }
  }

  @Test
  void whatComesUnderTheNameOfAFileThatWasReadIsReportedOnce() throws Exception {
    write("file", "text", 1_000_000);
    RawSplitEnumerator source = watch();
    ask(source, 2);
    lookFor(5);
    write("file", "another text", 2_000_000);
    lookFor(25);
    assertThat(read()).containsExactly("file@0+4");
    assertThat(flink.counters.get("filesChanged").getCount()).isEqualTo(1);
    assertThat(flink.counters.get("filesTaken").getCount()).isEqualTo(1);
  }

  @Test
  void aFolderThatCannotBeListedForAWhileIsWaitedForAndThenNamed() throws Exception {
    RawFolder folders = files;
    boolean[] gone = {true};
    files =
        seen -> {
          if (gone[0]) {
            throw new IOException("it is gone");
          }
          return folders.look(seen);
        };
    write("file", "text", 1_000_000);
    RawSplitEnumerator source = watch();
    ask(source, 1);
    lookFor(59);
    gone[0] = false;
    lookFor(10);
    assertThat(read()).containsExactly("file@0+4");
    assertThat(flink.counters.get("listingFailures").getCount()).isEqualTo(59);
    gone[0] = true;
    lookFor(60);
    assertThatThrownBy(() -> lookFor(1))
        .hasMessageContaining(root.toString())
        .hasMessageContaining("could not be listed for 60 s");
  }

  @Test
  void whatAReaderHadThatFailedIsReadByAnother() throws Exception {
    write("first", "1", 1_000_000);
    write("second", "2", 2_000_000);
    RawSplitEnumerator source = watch();
    ask(source, 1);
    lookFor(5);
    flink.readers.remove(0);
    source.handleSplitRequest(0, "host");
    flink.readers.put(1, new ReaderInfo(1, "host"));
    source.addSplitsBack(
        List.of(new FileSourceSplit("back", new Path(root, "first"), 0, 1, 1_000_000, 1)), 0);
    source.handleSplitRequest(1, "host");
    source.handleSplitRequest(1, "host");
    assertThat(read()).containsExactly("first@0+1", "first@0+1", "second@0+1");
  }

  @Test
  void freshnessIsFromTheLookThatDidNotShowAFileToTheCheckpointThatHoldsItsRows() throws Exception {
    write("there", "1", 1_000_000);
    RawSplitEnumerator source = watch();
    ask(source, 2);
    lookFor(5);
    write("came", "2", 2_000_000);
    // Seen at second 5, read at second 8, and the reader is done by its next request.
    lookFor(5);
    assertThat(read()).containsExactly("there@0+1", "came@0+1");
    source.snapshotState(1);
    ask(source, 1);
    source.notifyCheckpointComplete(1);
    assertThat(flink.histogram.getCount()).isZero();
    source.snapshotState(2);
    seconds += 2;
    source.snapshotState(3);
    source.notifyCheckpointComplete(3);
    assertThat(flink.histogram.getStatistics().getValues()).containsExactly(8_000);
  }

  private RawSplitEnumerator watch() {
    RawSplitEnumerator source =
        RawSplitEnumerator.ofNew(context, seen -> files.look(seen), root, WATCH, this::nanoTime);
    source.start();
    return source;
  }

  private void write(String name, String text, long changed) throws IOException {
    java.nio.file.Path file = folder.resolve(name);
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(file.toFile().setLastModified(changed)).isTrue();
  }

  /** A reader that asks for so many splits, one after the other, from now on. */
  private void ask(RawSplitEnumerator source, int splits) {
    reader = () -> source.handleSplitRequest(0, "host");
    most = flink.assigned.size() + splits;
    reads();
  }

  private void lookFor(int secondsMore) {
    for (int i = 0; i < secondsMore; i++) {
      flink.tick();
      reads();
      seconds++;
    }
  }

  private void reads() {
    int before;
    do {
      before = flink.assigned.size();
      if (before < most && flink.ended.isEmpty()) {
        reader.run();
      }
    } while (flink.assigned.size() > before);
  }

  /** What readers were given, as name@offset+length. */
  private List<String> read() {
    return flink.assigned.stream()
        .map(split -> "%s@%d+%d".formatted(split.path().getName(), split.offset(), split.length()))
        .toList();
  }

  private long nanoTime() {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
