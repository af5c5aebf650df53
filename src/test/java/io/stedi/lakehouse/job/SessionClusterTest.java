package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs submitted with {@code flink run}, on tables in a folder that all machines share. */
class SessionClusterTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void fillsTheTables(RunMode mode) throws Exception {
    Path input = folder.resolve("in");
    SampleData.write(new SampleOptions(40, 4, false), input);
    Path tables = Files.createDirectories(folder.resolve("tables"));
    try (FlinkCluster cluster =
        FlinkCluster.in(
                folder.resolve("flink"),
                Map.of(
                    "parallelism.default",
                    "4",
                    "execution.checkpointing.interval",
                    "1s",
                    "execution.checkpointing.dir",
                    folder.resolve("checkpoints").toUri().toString()),
                Map.of("STEDI_PSEUDONYM_KEY", TestLake.KEY))
            .startSession()
            .startTaskManagers(2)
            .awaitTaskManagers(2)) {
      Path conf =
          Files.writeString(
              folder.resolve("conf.yaml"),
              Files.readString(Path.of("conf", "local.yaml"))
                  .replace("key-file: ${lake}/pseudonym.key", "key-file: ''")
                  .replace("${lake}", tables.toString()));
      FlinkCluster.Result run =
          cluster.flink(
              "run",
              Path.of("target", "stedi-lakehouse.jar").toAbsolutePath().toString(),
              "run",
              "--conf",
              conf.toUri().toString(),
              "--input",
              input.toUri().toString(),
              "--mode",
              mode.name().toLowerCase(Locale.ROOT));
      assertThat(run.exitCode()).as(run.output()).isZero();
      try (TestLake lake = TestLake.in(tables);
          TestLake expected = TestLake.in(folder.resolve("expected"))) {
        expected.run(RunMode.BATCH, input);
        assertThat(lake.counts()).isEqualTo(expected.counts());
      }
    }
  }
}
