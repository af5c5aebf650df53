package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.Output;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.query.LakeQuery;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real data is clean and reduced already: preparing it must not change it. */
class PrepareStarterDataTest {

  @TempDir private Path folder;

  @Test
  void preparingIsTheIdentityAndThePipelineGivesThePublishedCountsOnItsOutput() throws Exception {
    Path reduced = folder.resolve("reduced");
    Path raw = SharedLake.starter().raw();
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      try (Output output = Output.begin(Location.of(reduced), false)) {
        LakeSummary result = lake.prepare(raw.toUri(), output.partial());
        output.publish();
        assertThat(result.repeats().values()).containsOnly(0L);
      }
      assertThat(lake.counts())
          .containsEntry("customer_cleaned_landing", 956L)
          .containsEntry("accelerometer_cleaned_landing", 81_273L)
          .containsEntry("step_trainer_cleaned_landing", 28_680L)
          .containsEntry("rejected_landing", 0L);
      LakeQuery query = new LakeQuery(lake.settings(), lake.lake());
      Map<String, String> published = LakeQuery.published();
      assertThat(query.measured(published.get("connected_rows")).rows().get(0).getField(0))
          .isEqualTo(81_273L);
      assertThat(query.measured(published.get("reduced_rows")).rows().get(0).getField(0))
          .isEqualTo(81_273L);
      for (RecordKind kind : RecordKind.values()) {
        assertThat(records(reduced, kind)).as(kind.tableName()).isEqualTo(records(raw, kind));
      }

      lake.run(RunMode.BATCH, reduced);
      assertThat(lake.counts())
          .containsEntry("customer_trusted", 482L)
          .containsEntry("accelerometer_trusted", 40_981L)
          .containsEntry("customer_curated", 482L)
          .containsEntry("step_trainer_trusted", 14_460L)
          .containsEntry("machine_learning_curated", 43_681L);
    }
  }

  /** How often each record occurs, as a generic JSON library reads it. */
  private static Map<String, Integer> records(Path root, RecordKind kind) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(root)) {
      files =
          tree.filter(Files::isRegularFile)
              .filter(
                  file ->
                      FileKinds.BY_MENTION
                          .ofPath(root.relativize(file).toString())
                          .filter(kind::equals)
                          .isPresent())
              .toList();
    }
    Map<String, Integer> records = new TreeMap<>();
    ObjectMapper mapper = new ObjectMapper();
    for (Path file : files) {
      try (MappingIterator<JsonNode> nodes =
          mapper.readerFor(JsonNode.class).readValues(file.toFile())) {
        while (nodes.hasNext()) {
          List<String> fields = new ArrayList<>();
          nodes
              .next()
              .properties()
              .forEach(
                  field ->
                      fields.add(
                          field.getKey()
                              + '='
                              + (field.getValue().isNumber()
                                  ? String.valueOf(field.getValue().doubleValue())
                                  : field.getValue().toString())));
          fields.sort(null);
          records.merge(fields.toString(), 1, Integer::sum);
        }
      }
    }
    return records;
  }
}
