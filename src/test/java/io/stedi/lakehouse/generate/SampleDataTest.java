package io.stedi.lakehouse.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.RecordedLedger;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDataTest {

  @TempDir private Path folder;

  @Test
  void theSameSeedGivesTheSameBytes() throws Exception {
    SampleData.write(new SampleOptions(20, 5, false), folder.resolve("a"));
    SampleData.write(new SampleOptions(20, 5, false), folder.resolve("b"));
    SampleData.write(new SampleOptions(20, 6, false), folder.resolve("c"));
    assertThat(files("a")).isEqualTo(files("b")).isNotEqualTo(files("c"));
  }

  @Test
  void cleanDataIsOneValidRecordALine() throws Exception {
    SampleSummary summary = SampleData.write(new SampleOptions(50, 1, true), folder.resolve("in"));
    ObjectMapper json = new ObjectMapper();
    for (RecordKind kind : RecordKind.values()) {
      long lines = 0;
      try (Stream<Path> files = Files.walk(folder.resolve("in").resolve(kind.tableName()))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          for (String line : Files.readAllLines(file)) {
            assertThat(json.readTree(line).isObject()).as(line).isTrue();
            lines++;
          }
        }
      }
      assertThat(lines).as(kind.tableName()).isEqualTo(summary.records().get(kind)).isPositive();
    }
    assertThat(summary.rejects().values()).containsOnly(0L);
  }

  @Test
  void dirtCostsNoRecordAndEveryDamagedFragmentIsOneReject() throws Exception {
    SampleSummary summary =
        SampleData.write(new SampleOptions(300, 7, false), folder.resolve("in"));
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(
          RunMode.BATCH,
          folder.resolve("in"),
          "customer_landing",
          "accelerometer_landing",
          "step_trainer_landing",
          "rejected_landing");
      Map<String, Long> rejected = new TreeMap<>();
      lake.records("rejected_landing")
          .forEach(reject -> rejected.merge((String) reject.getField("kind"), 1L, Long::sum));
      for (RecordKind kind : RecordKind.values()) {
        assertThat(lake.records(kind.tableName() + "_landing"))
            .as(kind.tableName())
            .hasSize(Math.toIntExact(summary.records().get(kind)));
        assertThat(rejected.getOrDefault(kind.tableName(), 0L))
            .as("rejected %s", kind.tableName())
            .isEqualTo(summary.rejects().get(kind));
      }
      assertThat(rejected).hasSize(3);
    }
  }

  @Test
  void theLandingTablesHoldAHistoryToTheByte() throws Exception {
    RecordedLedger ledger = new RecordedLedger();
    SampleData.write(SampleOptions.history(30, 3, 40), Location.of(folder.resolve("in")), ledger);
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(
          RunMode.BATCH,
          folder.resolve("in"),
          "customer_landing",
          "accelerometer_landing",
          "step_trainer_landing",
          "rejected_landing");
      for (RecordKind kind : RecordKind.values()) {
        assertThat(lake.records(kind.tableName() + "_landing"))
            .as(kind.tableName())
            .extracting(row -> List.of(row.getField("source_file"), row.getField("source_offset")))
            .containsExactlyInAnyOrderElementsOf(
                ledger.entries().values().stream()
                    .flatMap(List::stream)
                    .filter(entry -> entry.kind() == kind && entry.isRecord())
                    .map(entry -> List.<Object>of(entry.path(), entry.offset()))
                    .toList());
      }
      assertThat(lake.records("rejected_landing"))
          .extracting(
              reject ->
                  List.of(
                      reject.getField("kind"),
                      reject.getField("source_file"),
                      reject.getField("source_offset"),
                      reject.getField("source_length")))
          .containsExactlyInAnyOrderElementsOf(
              ledger.rejects().stream()
                  .map(
                      reject ->
                          List.<Object>of(
                              reject.kind().tableName(),
                              reject.path(),
                              reject.offset(),
                              reject.length()))
                  .toList());
    }
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAlone() throws Exception {
    Path taken = Files.createDirectories(folder.resolve("taken").resolve("sub")).getParent();
    assertThatThrownBy(() -> SampleData.write(SampleOptions.DEFAULT, taken))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(taken.toString(), "not empty");
    assertThatThrownBy(() -> new SampleOptions(0, 1, true)).hasMessageContaining("--customers");
  }

  private Map<String, String> files(String name) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        contents.put(
            folder.resolve(name).relativize(file).toString(),
            new String(bytes, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}
