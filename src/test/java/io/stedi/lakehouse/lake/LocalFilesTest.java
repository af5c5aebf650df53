package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {

  @TempDir private Path folder;

  @Test
  void aTableIsWrittenWithoutAProcessForEachFile() throws Exception {
    Path recorded = folder.resolve("processes.jfr");
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      new ProcessBuilder("true").start().waitFor();
      lake.lake().ensureTable("written");
      recording.stop();
      recording.dump(recorded);
    }

    assertThat(RecordingFile.readAllEvents(recorded).stream().map(LocalFilesTest::command))
        .contains("true")
        .noneMatch(command -> command.startsWith("chmod"));
    try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
      assertThat(files).anyMatch(file -> file.toString().endsWith(".metadata.json"));
    }
  }

  @Test
  void permissionsAreThoseThatAreAskedFor() throws Exception {
    Path file = Files.createFile(folder.resolve("a file"));
    try (LocalFiles files = new LocalFiles()) {
      files.initialize(file.toUri(), new Configuration(false));
      files.setPermission(
          new org.apache.hadoop.fs.Path(file.toUri()), new FsPermission((short) 0640));
    }
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
  }

  private static String command(RecordedEvent started) {
    return started.getString("command");
  }
}
