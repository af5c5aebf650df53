package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code stedi plan} prints, given to Flink's own SQL client. */
class PlanProcessTest {

  @TempDir private Path folder;

  @Test
  void theStockSqlClientRunsTheScriptAndFillsTheSameTables() throws Exception {
    Path input = folder.resolve("in");
    SampleData.write(new SampleOptions(60, 4, false), input);
    Path torn = Files.createDirectories(folder.resolve("torn"));
    Files.writeString(torn.resolve("step_trainer.json"), "{\"serialNumber\":");
    Path scriptLake = folder.resolve("by-script");
    Stedi.Result plan =
        new Stedi(folder).run("plan", "--input", input.toString(), "--lake", scriptLake.toString());
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    Path script = Files.writeString(folder.resolve("plan.sql"), plan.out());

    try (TestLake byScript = TestLake.in(scriptLake);
        TestLake byRun = TestLake.in(folder.resolve("by-run"))) {
      // What is there gives way to the script's, rejects of which it has none included.
      assertThat(byScript.run(RunMode.BATCH, torn).rejects()).isNotEmpty();
      runSqlClient(script);
      byRun.run(RunMode.BATCH, input);
      assertThat(byScript.counts()).isEqualTo(byRun.counts());
      assertThat(new LakeRows(byScript).machineLearningCurated())
          .isEqualTo(new LakeRows(byRun).machineLearningCurated())
          .isNotEmpty();
    }
  }

  private void runSqlClient(Path script) throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"), "execution.target: local\nexecution.attached: true\n");
    Path log = folder.resolve("sql-client.txt");
    ProcessBuilder client =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx1g",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "org.apache.flink.table.client.SqlClient",
                    "embedded",
                    "-f",
                    script.toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    client.environment().put("FLINK_CONF_DIR", conf.toString());
    Process process = client.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("the SQL client ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
