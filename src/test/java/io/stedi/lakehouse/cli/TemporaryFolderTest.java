package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryFolderTest {

  /** No process has it: they are numbered from 1. */
  private static final String OTHER = "stedi-0-";

  @TempDir private Path parent;

  @Test
  void itIsGoneWhenItIsClosedWithWhatIsInIt() throws IOException {
    TemporaryFolder folder = TemporaryFolder.in(parent);
    Files.writeString(Files.createDirectory(folder.path().resolve("flink-io")).resolve("a"), "b");
    folder.close();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void nobodyElseCanReadIt() throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.in(parent)) {
      assertThat(Files.getPosixFilePermissions(folder.path()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Anybody can make one where all users' temporary files are. */
  @Test
  void aPipeInPlaceOfALockIsNotWaitedFor() throws Exception {
    Path trap = Files.createDirectory(parent.resolve("stedi-0-trap"));
    assumeTrue(
        new ProcessBuilder("mkfifo", "-m", "666", trap.resolve("stedi.lock").toString())
                .start()
                .waitFor()
            == 0,
        "skipped: mkfifo cannot be run here");
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> TemporaryFolder.in(parent).close());
    assertThat(trap).exists();
  }

  @ParameterizedTest
  @CsvSource({"noexec, lets nothing be executed", "size=1m, has only"})
  void aFolderFromWhichNoLibraryCanBeLoadedIsNamed(String option, String told) throws Exception {
    Path small = Files.createDirectories(parent.resolve("small"));
    assumeTrue(
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", option, "tmpfs", small.toString())
                .start()
                .waitFor()
            == 0,
        "skipped: a disk cannot be mounted here");
    try {
      assertThatThrownBy(() -> TemporaryFolder.in(small))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll(small.toString(), told, "-Djava.io.tmpdir=FOLDER");
      assertThat(small).isEmptyDirectory();
    } finally {
      assertThat(new ProcessBuilder("umount", "-l", small.toString()).start().waitFor()).isZero();
    }
  }

  @Test
  void whatAProcessLeftThatWasKilledIsDeleted() throws IOException {
    Path left = folderOf(OTHER + "1");
    try (TemporaryFolder folder = TemporaryFolder.in(parent)) {
      assertThat(left).doesNotExist();
      assertThat(parent).isDirectoryContaining(folder.path()::equals);
    }
  }

  @Test
  void whatAnotherProcessUsesStaysUntilThatIsKilled() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                User.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = other.inputReader()) {
      Path used = Path.of(out.readLine());
      TemporaryFolder.in(parent).close();
      assertThat(used).isDirectory();

      other.destroyForcibly().waitFor();
      assertThat(used).isDirectory();
      TemporaryFolder.in(parent).close();
      assertThat(parent).isEmptyDirectory();
    } finally {
      other.destroyForcibly();
    }
  }

  /** A process that uses a folder until it is killed. */
  static final class User {

    private User() {}

    /**
     * @param arguments where the folder is to be
     */
    public static void main(String[] arguments) throws IOException {
      System.out.println(TemporaryFolder.in(Path.of(arguments[0])).path());
      System.in.read();
    }
  }

  @Test
  void whatThisProcessUsesAndWhatIsNotOfThisProgramStay() throws IOException {
    Path other = folderOf("stedi-something-else");
    Files.delete(other.resolve("stedi.lock"));
    try (TemporaryFolder first = TemporaryFolder.in(parent);
        TemporaryFolder second = TemporaryFolder.in(parent)) {
      assertThat(parent)
          .isDirectoryContaining(other::equals)
          .isDirectoryContaining(first.path()::equals)
          .isDirectoryContaining(second.path()::equals);
    }
  }

  @Test
  void whereNoneCanBeMadeTheMessageTellsHowToNameAnotherPlace() {
    assertThatThrownBy(() -> TemporaryFolder.in(parent.resolve("missing")))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("missing", "java.io.tmpdir");
  }

  private Path folderOf(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    Files.createFile(folder.resolve("stedi.lock"));
    Files.writeString(folder.resolve("spilled"), "rows");
    return folder;
  }
}
