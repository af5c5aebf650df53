package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The entry point of clusters, in a JVM of its own that has no lake's folder and no terminal. */
@Tag("process")
class LakehouseJobProcessTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void fillsTheTablesAndLeavesNothingElse(RunMode mode) throws Exception {
    Path tables = Files.createDirectories(folder.resolve("tables"));
    // The lake's folder is no variable here, and the key comes from the environment.
    Path conf = Files.writeString(folder.resolve("conf.yaml"), TestLake.sharedSettings(tables));
    Path work = Files.createDirectories(folder.resolve("work"));
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.addAll(FlinkCluster.jvmOptions());
    Path target = Path.of("target").toAbsolutePath();
    command.addAll(
        List.of(
            "-cp",
            target.resolve("stedi-lakehouse.jar") + ":" + target.resolve("lib") + "/*",
            LakehouseJob.class.getName(),
            "run",
            "--conf",
            conf.toUri().toString(),
            "--input",
            SharedLake.sample().raw().toUri().toString(),
            "--mode",
            mode.name().toLowerCase(Locale.ROOT),
            "-D",
            "streaming.bounded=true",
            "-D",
            "streaming.checkpoint-interval=500ms"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("STEDI_PSEUDONYM_KEY", TestLake.KEY);
    Process job = builder.start();
    job.getOutputStream().close();
    boolean ended = job.waitFor(3, TimeUnit.MINUTES);
    job.destroyForcibly();
    assertThat(ended).as("the job ends; it printed %s", Files.readString(log)).isTrue();
    assertThat(job.exitValue()).as(Files.readString(log)).isZero();

    try (Stream<Path> left = Files.list(work)) {
      assertThat(left).as("files in the working folder").isEmpty();
    }
    try (Stream<Path> left = Files.list(tables)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("files beside the tables")
          .doesNotContain("run.lock", "logs", "pseudonym.key", "staging");
    }
    try (TestLake lake = TestLake.in(tables)) {
      assertThat(lake.counts()).isEqualTo(SharedLake.sample().counts());
      assertThat(lake.counts().get("machine_learning_curated")).isPositive();
    }
  }
}
