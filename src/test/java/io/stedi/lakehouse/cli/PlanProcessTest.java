package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code stedi plan} prints, given to Flink's own SQL client. */
@Tag("process")
class PlanProcessTest {

  @TempDir private Path folder;

  @Test
  void theStockSqlClientRunsTheScriptAndFillsTheSameTables() throws Exception {
    Path input = SharedLake.sample().raw();
    Path torn = Files.createDirectories(folder.resolve("torn"));
    Files.writeString(torn.resolve("step_trainer.json"), "{\"serialNumber\":");
    Path scriptLake = folder.resolve("by-script");
    Stedi.Result plan =
        new Stedi(folder).run("plan", "--input", input.toString(), "--lake", scriptLake.toString());
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    Path script = Files.writeString(folder.resolve("plan.sql"), plan.out());

    try (TestLake byScript = TestLake.in(scriptLake)) {
      // What is there gives way to the script's, rejects of which it has none included.
      assertThat(byScript.run(RunMode.BATCH, torn).rejects()).isNotEmpty();
      runSqlClient(script);
      assertThat(byScript.counts()).isEqualTo(SharedLake.sample().counts());
      assertThat(new LakeRows(byScript).machineLearningCurated())
          .isEqualTo(new LakeRows(SharedLake.sample().lake()).machineLearningCurated())
          .isNotEmpty();
    }
  }

  private void runSqlClient(Path script) throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"), "execution.target: local\nexecution.attached: true\n");
    Path log = folder.resolve("sql-client.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.addAll(FlinkCluster.jvmOptions());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.apache.flink.table.client.SqlClient",
            "embedded",
            "-f",
            script.toString()));
    ProcessBuilder client =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    client.environment().put("FLINK_CONF_DIR", conf.toString());
    Process process = client.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("the SQL client ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
