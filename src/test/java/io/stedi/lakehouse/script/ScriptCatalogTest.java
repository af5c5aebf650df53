package io.stedi.lakehouse.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.procedure.ProcedureContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session of Flink's SQL client may do out of order. */
class ScriptCatalogTest {

  private static final String TABLES = "step_trainer_landing,rejected_landing";

  @TempDir private Path folder;

  @Test
  void beginningTwiceIsRefusedAndLeavesTheFirstRunAsItIs() throws Exception {
    Path input = folder.resolve("in");
    RawFiles.write(
        input,
        "step_trainer",
        List.of(
            "{\"sensorReadingTime\":1655564376361,\"serialNumber\":\"dev\",\"distanceFromObject\":7}"),
        1);
    try (TestLake filled = TestLake.in(folder.resolve("lake"))) {
      filled.run(RunMode.BATCH, input);
      assertThat(filled.records("step_trainer_landing")).hasSize(1);
      Configuration configuration =
          new Configuration()
              .set(PipelineOptions.GLOBAL_JOB_PARAMETERS, filled.settings().jobParameters(""));
      ProcedureContext streaming =
          () -> StreamExecutionEnvironment.getExecutionEnvironment(configuration);
      Configuration inBatch =
          new Configuration(configuration)
              .set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
      ProcedureContext context = () -> StreamExecutionEnvironment.getExecutionEnvironment(inBatch);
      ScriptCatalog catalog =
          new ScriptCatalog(
              "lake",
              Lake.open(filled.settings().catalogProperties(), filled.lake().database()),
              RuntimeExecutionMode.BATCH);
      catalog.open();
      try {
        ScriptCatalog.Publish publish = procedure(catalog, ScriptCatalog.PUBLISH);
        assertThatThrownBy(() -> publish.call(context))
            .isInstanceOf(LakehouseException.class)
            .hasMessageContaining("CALL begin_replace first");
        ScriptCatalog.BeginReplace begin = procedure(catalog, ScriptCatalog.BEGIN_REPLACE);
        assertThatThrownBy(() -> begin.call(streaming, TABLES, "run"))
            .isInstanceOf(LakehouseException.class)
            .hasMessageContaining("made for jobs of the mode BATCH", "STREAMING");
        String[] branch = begin.call(context, TABLES, "run");
        assertThatThrownBy(() -> begin.call(context, TABLES, "run"))
            .isInstanceOf(LakehouseException.class)
            .hasMessageContaining("CALL publish first");
        assertThat(publish.call(context)).isEqualTo(branch);
        assertThat(filled.records("step_trainer_landing")).as("nothing was written").isEmpty();
      } finally {
        catalog.close();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T procedure(ScriptCatalog catalog, String name) throws Exception {
    return (T) catalog.getProcedure(new ObjectPath("stedi", name));
  }
}
