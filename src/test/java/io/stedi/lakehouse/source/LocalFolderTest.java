package io.stedi.lakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFolderTest {

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  private final SeenFiles seen = new SeenFiles();
  private LocalFolder looked;
  private long now;
  private long step;

  @TempDir private Path folder;

  @BeforeEach
  void beginToLook() {
    looked =
        new LocalFolder(
            new org.apache.flink.core.fs.Path(folder.toUri()),
            new RawSplits(".*", 1 << 20),
            () -> now += step);
  }

  /**
   * That nothing came to a folder is known by its time, so whoever sets it back hides what came.
   */
  @Test
  void aFolderWhoseTimeIsTheSameIsNotListedButByAFullLook() throws IOException {
    Files.createDirectories(folder.resolve("below"));
    write("below/one", "1");
    setBack("below");
    setBack("");
    step = Duration.ofMillis(500).toNanos();
    assertThat(look()).containsExactly("one");
    later(Duration.ofSeconds(50));
    assertThat(look()).isEmpty();

    write("below/two", "2");
    setBack("below");
    assertThat(look()).as("with the folder's former time").isEmpty();
    write("three", "3");
    assertThat(look()).as("in a folder of another time").containsExactly("three");
    later(Duration.ofSeconds(500));
    assertThat(look()).as("by a full look").containsExactly("two");
  }

  @Test
  void aFolderIsListedForSomeSecondsAfterItsTimeHasChanged() throws IOException {
    step = Duration.ofMillis(100).toNanos();
    setBack("");
    assertThat(look()).isEmpty();
    write("one", "1");
    setBack("");
    assertThat(look()).containsExactly("one");
    later(Duration.ofSeconds(4));
    look();
    write("two", "2");
    setBack("");
    assertThat(look()).isEmpty();
  }

  @Test
  void aFileIsLookedAtUntilItIsSeen() throws IOException {
    step = Duration.ofSeconds(1).toNanos();
    write("one", "1");
    setBack("");
    for (String text : List.of("1", "12", "123")) {
      write("one", text);
      setBack("");
      List<FileSourceSplit> splits = looked.look(seen);
      assertThat(splits).hasSize(1);
      assertThat(splits.get(0).fileSize()).isEqualTo(text.length());
    }
    assertThat(look()).containsExactly("one");
    assertThat(look()).isEmpty();
    write("one", "changed after it was seen");
    setBack("");
    assertThat(look()).as("until the next full look").isEmpty();
    later(Duration.ofSeconds(2000));
    assertThat(look()).as("by a full look").containsExactly("one");
  }

  @Test
  void whatIsGoneAndWhatHasBecomeAFolderIsNoFailure() throws IOException {
    step = Duration.ofSeconds(1).toNanos();
    Files.createDirectories(folder.resolve("below/deeper"));
    write("below/deeper/one", "1");
    write("two", "2");
    assertThat(look()).containsExactlyInAnyOrder("one", "two");
    Files.delete(folder.resolve("below/deeper/one"));
    Files.delete(folder.resolve("below/deeper"));
    Files.delete(folder.resolve("below"));
    write("below", "now a file");
    Files.delete(folder.resolve("two"));
    Files.createDirectories(folder.resolve("two"));
    write("two/three", "3");
    later(Duration.ofSeconds(2000));
    assertThat(look()).containsExactlyInAnyOrder("below", "three");
  }

  /** The names of the files that are found, which then are seen. */
  private List<String> look() throws IOException {
    List<String> names = new ArrayList<>();
    for (FileSourceSplit split : looked.look(seen)) {
      names.add(split.path().getName());
      seen.add(split.path(), split.fileSize(), split.fileModificationTime());
    }
    return names;
  }

  private void later(Duration time) {
    now += time.toNanos();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void setBack(String name) throws IOException {
    Files.setLastModifiedTime(folder.resolve(name), LONG_AGO);
  }
}
