package io.stedi.lakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.scan.DataField;
import io.stedi.lakehouse.scan.FieldType;
import io.stedi.lakehouse.scan.Fragment;
import io.stedi.lakehouse.scan.RawScanner;
import io.stedi.lakehouse.scan.Scans;
import io.stedi.lakehouse.testing.RecordedLedger;
import io.stedi.lakehouse.testing.RecordedLedger.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner finds in generated files is what the generator says that it wrote. */
class GeneratedFilesTest {

  private static final Map<RecordKind, List<DataField>> FIELDS =
      Map.of(
          RecordKind.CUSTOMER,
          List.of(
              field("customerName", FieldType.STRING, false),
              field("email", FieldType.STRING, true),
              field("phone", FieldType.STRING, false),
              field("birthDay", FieldType.STRING, false),
              field("serialNumber", FieldType.STRING, true),
              field("registrationDate", FieldType.TIMESTAMP, true),
              field("lastUpdateDate", FieldType.TIMESTAMP, true),
              field("shareWithResearchAsOfDate", FieldType.TIMESTAMP, false),
              field("shareWithPublicAsOfDate", FieldType.TIMESTAMP, false),
              field("shareWithFriendsAsOfDate", FieldType.TIMESTAMP, false)),
          RecordKind.ACCELEROMETER,
          Scans.ACCELEROMETER,
          RecordKind.STEP_TRAINER,
          List.of(
              field("sensorReadingTime", FieldType.TIMESTAMP, true),
              field("serialNumber", FieldType.STRING, true),
              field("distanceFromObject", FieldType.INT, true)));

  @TempDir private Path folder;

  private static DataField field(String name, FieldType type, boolean required) {
    return new DataField(name, type, Integer.MAX_VALUE, required);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, -9, Long.MAX_VALUE})
  void ofAHistory(long seed) throws Exception {
    check(SampleOptions.history(60, seed, 120));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void ofASample(long seed) throws Exception {
    check(new SampleOptions(600, seed, false));
  }

  @Test
  void ofTheSmallestHistory() throws Exception {
    check(SampleOptions.history(1, 1, 1));
  }

  private void check(SampleOptions options) throws IOException {
    RecordedLedger ledger = new RecordedLedger();
    Path root = folder.resolve("in");
    SampleData.write(options, Location.of(root), ledger);
    for (Map.Entry<String, List<Entry>> file : ledger.entries().entrySet()) {
      String path = file.getKey();
      RecordKind kind = ledger.kinds().get(path);
      assertThat(FileKinds.BY_MENTION.ofPath(path)).as(path).contains(kind);
      assertThat(scan(root, path, kind)).as(path).isEqualTo(file.getValue());
    }
    try (Stream<Path> tree = Files.walk(root)) {
      assertThat(tree.filter(Files::isRegularFile).map(root::relativize).map(Path::toString))
          .as("files of a kind")
          .filteredOn(path -> FileKinds.BY_MENTION.ofPath(path).isPresent())
          .containsExactlyInAnyOrderElementsOf(ledger.kinds().keySet());
    }
  }

  private static List<Entry> scan(Path root, String path, RecordKind kind) throws IOException {
    List<DataField> fields = FIELDS.get(kind);
    List<Entry> found = new ArrayList<>();
    try (RawFile file =
        RawFile.open(
            org.apache.flink.core.fs.Path.fromLocalFile(root.resolve(path).toFile()), 1, 0)) {
      RawScanner scanner = new RawScanner(file.bytes(), 0, fields, Scans.LIMITS);
      for (Fragment next = scanner.next(); next != null; next = scanner.next()) {
        Map<String, Object> values =
            next instanceof Fragment.Valid valid ? values(fields, valid) : null;
        found.add(new Entry(kind, path, next.offset(), next.length(), values));
      }
    }
    return found;
  }

  private static Map<String, Object> values(List<DataField> fields, Fragment.Valid valid) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int slot = 0; slot < fields.size(); slot++) {
      if (valid.values()[slot] != null) {
        values.put(fields.get(slot).name(), valid.values()[slot]);
      }
    }
    return values;
  }
}
