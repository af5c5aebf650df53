package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.RecordedLedger;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A generated history, prepared, against a computation in plain Java on what the generator says it
 * wrote, before it was spelled as JSON.
 */
class PrepareHistoryTest {

  private static final Map<RecordKind, List<String>> FIELDS =
      Map.of(
          RecordKind.CUSTOMER,
          List.of(
              "customerName",
              "email",
              "phone",
              "birthDay",
              "serialNumber",
              "registrationDate",
              "lastUpdateDate",
              "shareWithResearchAsOfDate",
              "shareWithPublicAsOfDate",
              "shareWithFriendsAsOfDate"),
          RecordKind.ACCELEROMETER,
          List.of("user", "timestamp", "x", "y", "z"),
          RecordKind.STEP_TRAINER,
          List.of("sensorReadingTime", "serialNumber", "distanceFromObject"));

  @TempDir private Path folder;

  @Test
  void aPreparedHistoryEqualsAnIndependentComputation() throws Exception {
    Path input = folder.resolve("history");
    RecordedLedger ledger = new RecordedLedger();
    SampleData.write(SampleOptions.history(60, 7, 40), Location.of(input), ledger);
    check(input, ledger, "2");
  }

  @Test
  void theResultDoesNotDependOnParallelismOrOnHowBytesAreSpreadOverFiles() throws Exception {
    Path input = folder.resolve("history");
    RecordedLedger ledger = new RecordedLedger();
    SampleData.write(SampleOptions.history(25, 11, 20), Location.of(input), ledger);
    check(input, ledger, "1");

    // The same records once more, one file a kind, in another order: repeats and nothing else.
    Path second = Files.createDirectories(folder.resolve("second"));
    ObjectMapper json = new ObjectMapper();
    for (RecordKind kind : RecordKind.values()) {
      List<String> lines = new ArrayList<>();
      for (Map<String, Object> record : ledger.records(kind)) {
        lines.add(json.writeValueAsString(new TreeMap<>(record)));
      }
      lines.sort(Comparator.comparing(String::hashCode));
      Files.write(second.resolve(kind.tableName() + ".json"), lines);
    }
    try (TestLake one = TestLake.in(folder.resolve("one"), Map.of("parallelism", "3"));
        TestLake other = TestLake.in(folder.resolve("other"), Map.of("parallelism", "1"))) {
      prepare(one, input, folder.resolve("out-one"));
      prepare(other, second, folder.resolve("out-other"));
      for (RecordKind kind : RecordKind.values()) {
        assertThat(cleaned(one, kind)).as(kind.tableName()).isEqualTo(cleaned(other, kind));
        assertThat(reduced(folder.resolve("out-one"), kind))
            .as(kind.tableName())
            .isEqualTo(reduced(folder.resolve("out-other"), kind));
      }
      assertThat(other.counts()).containsEntry("rejected_landing", 0L);
    }
  }

  private void check(Path input, RecordedLedger ledger, String parallelism) throws IOException {
    Path output = folder.resolve("output");
    try (TestLake lake = TestLake.in(folder.resolve("lake"), Map.of("parallelism", parallelism))) {
      LakeSummary result = prepare(lake, input, output);
      for (RecordKind kind : RecordKind.values()) {
        TreeMap<String, Long> expected = new TreeMap<>();
        ledger.records(kind).forEach(record -> expected.merge(text(kind, record), 1L, Long::sum));
        assertThat(cleaned(lake, kind)).as("cleaned %s", kind).isEqualTo(expected);
        long arrived = expected.values().stream().mapToLong(Long::longValue).sum();
        assertThat(result.repeats().get(kind.tableName() + "_cleaned_landing"))
            .as("repeats of %s", kind)
            .isPositive()
            .isEqualTo(arrived - expected.size());
      }
      assertThat(
              lake.records("rejected_landing").stream()
                  .map(
                      row ->
                          "%s %s %s %s"
                              .formatted(
                                  row.getField("kind"),
                                  row.getField("source_file"),
                                  row.getField("source_offset"),
                                  row.getField("source_length")))
                  .sorted())
          .as("rejects")
          .isNotEmpty()
          .containsExactlyElementsOf(
              ledger.rejects().stream()
                  .map(
                      reject ->
                          "%s %s %d %d"
                              .formatted(
                                  reject.kind().tableName(),
                                  reject.path(),
                                  reject.offset(),
                                  reject.length()))
                  .sorted()
                  .toList());
      Map<RecordKind, TreeSet<String>> expected = reduce(ledger);
      for (RecordKind kind : RecordKind.values()) {
        assertThat(reduced(output, kind))
            .as("reduced %s", kind)
            .isNotEmpty()
            .containsExactlyElementsOf(expected.get(kind));
      }
    }
  }

  private static LakeSummary prepare(TestLake lake, Path input, Path output) {
    return lake.prepare(input.toUri(), output.toUri());
  }

  /** How often each record of a cleaned table arrived. */
  private static TreeMap<String, Long> cleaned(TestLake lake, RecordKind kind) throws IOException {
    TreeMap<String, Long> rows = new TreeMap<>();
    for (Record row : lake.records(kind.tableName() + "_cleaned_landing")) {
      Map<String, Object> values = new HashMap<>();
      for (String field : FIELDS.get(kind)) {
        Object value = row.getField(field.toLowerCase(Locale.ROOT));
        values.put(
            field,
            value instanceof OffsetDateTime time
                ? (Object) time.toInstant().toEpochMilli()
                : value);
      }
      assertThat(rows.put(text(kind, values), (Long) row.getField("copies")))
          .as("a record twice")
          .isNull();
    }
    return rows;
  }

  /** The records of a reduced folder, each of which must be there once. */
  private static List<String> reduced(Path output, RecordKind kind) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> records = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> tree = Files.walk(output.resolve(kind.tableName()))) {
      files = tree.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        JsonNode node = json.readTree(line);
        Map<String, Object> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          JsonNode value = field.getValue();
          values.put(
              field.getKey(),
              value.isTextual()
                  ? value.textValue()
                  : value.isFloatingPointNumber()
                      ? (Object) value.doubleValue()
                      : (Object) value.longValue());
        }
        records.add(text(kind, values));
      }
    }
    records.sort(null);
    return records;
  }

  private static Map<RecordKind, TreeSet<String>> reduce(RecordedLedger ledger) {
    Map<String, List<Map<String, Object>>> versions =
        ledger.records(RecordKind.CUSTOMER).stream()
            .collect(Collectors.groupingBy(customer -> (String) customer.get("email")));
    Map<String, Map<String, Object>> current = new HashMap<>();
    versions.forEach(
        (email, all) -> {
          Comparator<Map<String, Object>> order =
              Comparator.<Map<String, Object>, Long>comparing(c -> number(c, "registrationDate"))
                  .thenComparing(c -> number(c, "lastUpdateDate"));
          current.put(email, all.stream().max(order).orElseThrow());
        });
    Function<Map<String, Object>, String> device =
        step -> step.get("serialNumber") + " " + number(step, "sensorReadingTime");
    Set<String> stepped =
        ledger.records(RecordKind.STEP_TRAINER).stream().map(device).collect(Collectors.toSet());
    Map<RecordKind, TreeSet<String>> reduced = new HashMap<>();
    for (RecordKind kind : RecordKind.values()) {
      reduced.put(kind, new TreeSet<>());
    }
    Set<String> connectedDevices = new HashSet<>();
    for (Map<String, Object> motion : ledger.records(RecordKind.ACCELEROMETER)) {
      Map<String, Object> owner = current.get((String) motion.get("user"));
      if (owner == null) {
        continue;
      }
      String instant = owner.get("serialNumber") + " " + number(motion, "timestamp");
      if (stepped.contains(instant)) {
        connectedDevices.add(instant);
        reduced.get(RecordKind.ACCELEROMETER).add(text(RecordKind.ACCELEROMETER, motion));
        reduced.get(RecordKind.CUSTOMER).add(text(RecordKind.CUSTOMER, owner));
      }
    }
    for (Map<String, Object> step : ledger.records(RecordKind.STEP_TRAINER)) {
      if (connectedDevices.contains(device.apply(step))) {
        reduced.get(RecordKind.STEP_TRAINER).add(text(RecordKind.STEP_TRAINER, step));
      }
    }
    return reduced;
  }

  private static Long number(Map<String, Object> record, String field) {
    return ((Number) record.get(field)).longValue();
  }

  /** Absent and null are the same; a number is written as what it is worth. */
  private static String text(RecordKind kind, Map<String, Object> values) {
    List<String> parts = new ArrayList<>();
    for (String field : FIELDS.get(kind)) {
      Object value = values.get(field);
      boolean real = Set.of("x", "y", "z").contains(field);
      parts.add(
          value instanceof Number number
              ? real ? String.valueOf(number.doubleValue()) : String.valueOf(number.longValue())
              : String.valueOf(value));
    }
    return String.join("|", parts);
  }
}
