package io.stedi.lakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.Chance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law of a watched folder: whatever is dropped into it, in whatever order, each regular file
 * that settles is read once and whole, and nothing stops the watching. A failure names its seed.
 */
class WatchedFolderPropertyTest {

  private static final int FOLDERS = 60;
  private static final int STEPS = 120;
  private static final Duration SETTLE_TIME = Duration.ofSeconds(3);

  /** More than a full look keeps off the next one, by the clock of this test. */
  private static final int QUIET_SECONDS = 60;

  @TempDir private Path folder;

  @Test
  void whatSettlesIsReadOnceWhateverElseComes() throws Exception {
    Random seeds = new Random(Chance.seed(WatchedFolderPropertyTest.class));
    for (int i = 0; i < FOLDERS; i++) {
      long seed = seeds.nextLong();
      Path root = Files.createDirectory(folder.resolve("raw-" + i));
      new Drops(root, seed).run();
    }
  }

  /** One folder and what is dropped into it. */
  private final class Drops {

    private final Path root;
    private final Random random;
    private final String name;
    private final WatchedFolder watched;
    private final List<Path> folders = new ArrayList<>();
    private int files;

    Drops(Path root, long seed) {
      this.root = root;
      this.random = new Random(seed);
      this.name = "seed " + seed;
      this.watched = new WatchedFolder(root, SETTLE_TIME, Duration.ofMillis(10));
      folders.add(root);
    }

    void run() throws Exception {
      for (int step = 0; step < STEPS; step++) {
        drop();
        if (random.nextInt(3) == 0) {
          watched.look();
        }
        if (random.nextInt(40) == 0) {
          watched.restart();
        }
      }
      for (int second = 0; second < QUIET_SECONDS; second++) {
        watched.look();
      }
      Map<String, List<FileSourceSplit>> read = watched.read();
      for (Path file : settled()) {
        String path = root.relativize(file).toString();
        assertThat(read).as(name).containsKey(path);
        assertThat(watched.isSeen(file)).as("%s: %s is read, or reported", name, path).isTrue();
      }
      read.forEach(
          (file, splits) -> {
            long next = 0;
            for (FileSourceSplit split : splits) {
              assertThat(split.offset()).as("%s: %s", name, file).isEqualTo(next);
              next += split.length();
            }
            assertThat(next).as("%s: %s", name, file).isEqualTo(splits.get(0).fileSize());
          });
    }

    /** The files that are there in the end, but empty and hidden ones. */
    private List<Path> settled() throws IOException {
      List<Path> settled = new ArrayList<>();
      for (Path at : folders) {
        try (Stream<Path> entries = Files.list(at)) {
          for (Path file : entries.toList()) {
            if (Files.isRegularFile(file)
                && Files.size(file) > 0
                && !file.getFileName().toString().matches("[._].*")) {
              settled.add(file);
            }
          }
        }
      }
      return settled;
    }

    private void drop() throws IOException {
      Path at = folders.get(random.nextInt(folders.size()));
      Path another = at.resolve(newName());
      Path old = anyFile(at);
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> Files.writeString(another, content());
        case 3 -> Files.createFile(another);
        case 4, 5 -> Files.writeString(old, content(), StandardOpenOption.APPEND);
        case 6 -> Files.move(old, another);
        case 7 -> {
          Path other = Files.writeString(at.resolve(".writing"), content());
          Files.move(other, old, StandardCopyOption.REPLACE_EXISTING);
        }
        case 8 -> Files.delete(old);
        case 9 -> folders.add(Files.createDirectory(another));
        case 10 -> Files.createSymbolicLink(another, random.nextBoolean() ? root : at);
        case 11 -> Files.createSymbolicLink(another, at.resolve("nowhere"));
        case 12 -> Files.setLastModifiedTime(old, FileTime.fromMillis(random.nextLong(1L << 42)));
        default -> Files.writeString(at.resolve((random.nextBoolean() ? "." : "_") + files++), "x");
      }
    }

    /** A file that is there, made if there is none. */
    private Path anyFile(Path at) throws IOException {
      try (Stream<Path> entries = Files.list(at)) {
        List<Path> all =
            entries.filter(Files::isRegularFile).filter(f -> !Files.isSymbolicLink(f)).toList();
        return all.isEmpty()
            ? Files.writeString(at.resolve(newName()), content())
            : all.get(random.nextInt(all.size()));
      }
    }

    private String newName() {
      int number = files++;
      return switch (random.nextInt(6)) {
        case 0 -> "a b%20" + number;
        case 1 -> "12:30:" + number;
        case 2 -> "größe-" + number;
        case 3 -> "n".repeat(200) + number;
        case 4 -> "-" + number + "*?";
        default -> "customer-" + number + ".json";
      };
    }

    private String content() {
      return "x".repeat(1 + random.nextInt(40));
    }
  }
}
