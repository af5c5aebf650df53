package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.RecordedLedger;
import io.stedi.lakehouse.testing.RecordedLedger.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a raw history promises to hold, in a small one. */
class HistoryTest {

  private static final int CUSTOMERS = 40;
  private static final int VERSIONS = 200;
  private static final Pattern NUMBER_IN_QUOTES = Pattern.compile("\"-?[0-9.]+\"");
  private static final Pattern SHORT_TIME = Pattern.compile("[^\"0-9][0-9]{10}[,}]");

  @TempDir private static Path shared;

  private static Path root;
  private static SampleSummary summary;
  private static final RecordedLedger LEDGER = new RecordedLedger();

  /** All fragments, in the order of their files. */
  private static final List<Piece> PIECES = new ArrayList<>();

  /**
   * A fragment and what follows it.
   *
   * @param gap the separators up to the next fragment or the end of the file
   * @param next the fragment behind them, null if there is none
   */
  private record Piece(Entry entry, String text, String gap, Entry next) {

    boolean isRecord() {
      return entry.isRecord();
    }

    boolean isObject() {
      return text.startsWith("{") && text.endsWith("}");
    }

    boolean isCut() {
      return !isRecord() && text.startsWith("{") && !text.endsWith("}");
    }

    boolean isBeforeRecord() {
      return next != null && next.isRecord();
    }

    boolean hasBlanks() {
      return text.contains("\": ");
    }

    /** Respelled as repeats are, and nothing else is. */
    boolean isRespelledRepeat() {
      return text.startsWith("{ ");
    }
  }

  @BeforeAll
  static void generate() throws IOException {
    root = shared.resolve("history");
    summary =
        SampleData.write(SampleOptions.history(CUSTOMERS, 1, VERSIONS), Location.of(root), LEDGER);
    for (List<Entry> file : LEDGER.entries().values()) {
      if (file.isEmpty()) {
        continue;
      }
      byte[] bytes = RecordedLedger.bytes(root, file.get(0).path());
      for (int i = 0; i < file.size(); i++) {
        Entry entry = file.get(i);
        Entry next = i + 1 < file.size() ? file.get(i + 1) : null;
        long end = entry.offset() + entry.length();
        long gapEnd = next == null ? bytes.length : next.offset();
        PIECES.add(
            new Piece(entry, text(bytes, entry.offset(), end), text(bytes, end, gapEnd), next));
      }
    }
  }

  private static String text(byte[] bytes, long from, long to) {
    return new String(Arrays.copyOfRange(bytes, (int) from, (int) to), UTF_8);
  }

  @Test
  void theSameSeedGivesTheSameBytes(@TempDir Path folder) throws Exception {
    SampleData.write(SampleOptions.history(12, 5, 20), folder.resolve("a"));
    SampleData.write(SampleOptions.history(12, 5, 20), folder.resolve("b"));
    SampleData.write(SampleOptions.history(12, 6, 20), folder.resolve("c"));
    assertThat(contents(folder.resolve("a")))
        .isEqualTo(contents(folder.resolve("b")))
        .isNotEqualTo(contents(folder.resolve("c")));
  }

  @Test
  void anAccountHasManyVersionsWithConsentGivenAndWithdrawn() {
    Map<List<Object>, List<Map<String, Object>>> accounts =
        grouped(
            distinct(RecordKind.CUSTOMER),
            c -> List.of(c.get("email"), c.get("registrationDate"), c.get("serialNumber")));
    assertThat(accounts).hasSize(CUSTOMERS + CUSTOMERS / 5);
    double mean = distinct(RecordKind.CUSTOMER).size() / (double) accounts.size();
    assertThat(mean).isBetween(VERSIONS * 0.7, VERSIONS * 1.3);
    List<Long> changes = new ArrayList<>();
    for (List<Map<String, Object>> versions : accounts.values()) {
      Map<Long, Boolean> consents = new TreeMap<>();
      for (Map<String, Object> version : versions) {
        long updated = (Long) version.get("lastUpdateDate");
        assertThat(updated).isGreaterThanOrEqualTo((Long) version.get("registrationDate"));
        assertThat(consents.put(updated, version.containsKey("shareWithResearchAsOfDate")))
            .as("another version of the same time")
            .isNull();
      }
      changes.add(changes(consents.values()));
    }
    assertThat(changes.stream().filter(count -> count > 20).count())
        .as("accounts whose consent changed more than 20 times: %s", changes)
        .isGreaterThan(CUSTOMERS / 2);
  }

  @Test
  void anAddressRegistersAgainWithAnotherDeviceWhileTheFirstAccountLivesOn() {
    Map<Object, List<Map<String, Object>>> byEmail =
        grouped(distinct(RecordKind.CUSTOMER), c -> c.get("email"));
    assertThat(byEmail).hasSize(CUSTOMERS);
    List<List<Map<String, Object>>> twice =
        byEmail.values().stream()
            .filter(versions -> values(versions, "registrationDate").size() == 2)
            .toList();
    assertThat(twice).hasSize(CUSTOMERS / 5);
    assertThat(twice)
        .allSatisfy(versions -> assertThat(values(versions, "serialNumber")).hasSize(2));
  }

  @Test
  void devicesAreShared() {
    assertThat(
            grouped(distinct(RecordKind.CUSTOMER), c -> c.get("serialNumber")).values().stream()
                .filter(versions -> values(versions, "email").size() > 2))
        .isNotEmpty();
  }

  @Test
  void readingsAreConnectedAndUnconnected() {
    List<Map<String, Object>> customers = distinct(RecordKind.CUSTOMER);
    List<Map<String, Object>> motions = distinct(RecordKind.ACCELEROMETER);
    List<Map<String, Object>> steps = distinct(RecordKind.STEP_TRAINER);
    Set<Object> emails = values(customers, "email");
    Map<Object, Set<Object>> emailsByDevice = new HashMap<>();
    customers.forEach(
        c ->
            emailsByDevice
                .computeIfAbsent(c.get("serialNumber"), device -> new HashSet<>())
                .add(c.get("email")));
    Set<List<Object>> stepInstants = new HashSet<>();
    long ofNobody = 0;
    for (Map<String, Object> step : steps) {
      Set<Object> owners = emailsByDevice.get(step.get("serialNumber"));
      if (owners == null) {
        ofNobody++;
      } else {
        owners.forEach(email -> stepInstants.add(List.of(email, step.get("sensorReadingTime"))));
      }
    }
    Set<List<Object>> motionInstants = new HashSet<>();
    long ofStrangers = 0;
    long connected = 0;
    for (Map<String, Object> motion : motions) {
      List<Object> instant = List.of(motion.get("user"), motion.get("timestamp"));
      motionInstants.add(instant);
      ofStrangers += emails.contains(motion.get("user")) ? 0 : 1;
      connected += stepInstants.contains(instant) ? 1 : 0;
    }
    assertThat(motions.size()).isBetween(CUSTOMERS * 150, CUSTOMERS * 250);
    assertThat(connected / (double) motions.size()).isBetween(0.4, 0.7);
    assertThat(ofStrangers).as("motions of strangers").isGreaterThan(CUSTOMERS);
    assertThat(ofNobody).as("steps of nobody's device").isGreaterThan(CUSTOMERS);
    assertThat(motions.size() - ofStrangers - connected)
        .as("customers' motions without a step")
        .isGreaterThan(CUSTOMERS);
    Set<Object> motionTimes = values(motions, "timestamp");
    Set<Object> otherInstants = values(steps, "sensorReadingTime");
    otherInstants.removeAll(motionTimes);
    assertThat(otherInstants).as("instants of steps alone").hasSizeGreaterThan(CUSTOMERS);
    Set<Object> silent = new HashSet<>(emails);
    silent.removeAll(values(motions, "user"));
    assertThat(silent).as("customers without readings").hasSizeBetween(1, CUSTOMERS / 4);
  }

  @Test
  void readingsContradictEachOther() {
    assertThat(
            grouped(
                    distinct(RecordKind.ACCELEROMETER),
                    m -> List.of(m.get("user"), m.get("timestamp")))
                .values())
        .filteredOn(motions -> motions.size() > 1)
        .hasSizeGreaterThan(CUSTOMERS);
    assertThat(
            grouped(
                    distinct(RecordKind.STEP_TRAINER),
                    s -> List.of(s.get("serialNumber"), s.get("sensorReadingTime")))
                .values())
        .filteredOn(steps -> values(steps, "distanceFromObject").size() > 1)
        .hasSizeGreaterThan(CUSTOMERS / 4);
  }

  @ParameterizedTest
  @EnumSource
  void recordsAreRepeatedInTheSameBytesAndInOthersInOneFileAndInTwo(RecordKind kind) {
    Map<Map<String, Object>, List<Piece>> byMeaning =
        PIECES.stream()
            .filter(piece -> piece.isRecord() && piece.entry().kind() == kind)
            .collect(Collectors.groupingBy(piece -> piece.entry().values()));
    List<List<Piece>> repeated =
        byMeaning.values().stream().filter(pieces -> pieces.size() > 1).toList();
    for (boolean oneFile : new boolean[] {true, false}) {
      for (boolean sameBytes : new boolean[] {true, false}) {
        assertThat(repeated)
            .as("one file: %s, same bytes: %s", oneFile, sameBytes)
            .anyMatch(
                pieces ->
                    oneFile == (count(pieces, piece -> piece.entry().path()) == 1)
                        && sameBytes == (count(pieces, Piece::text) == 1));
      }
    }
    long written = summary.records().get(kind);
    long repeats = summary.repeats().get(kind);
    assertThat(repeats / (double) written).isBetween(0.03, 0.07);
    if (kind == RecordKind.CUSTOMER) {
      assertThat(byMeaning).as("no two versions are equal").hasSize((int) (written - repeats));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfDirtOccurs(Dirt dirt) {
    assertThat(PIECES).anyMatch(sign(dirt));
  }

  /** How a kind of dirt is told from the bytes. */
  private static Predicate<Piece> sign(Dirt dirt) {
    Predicate<Piece> spelled = piece -> piece.isRecord() && !piece.isRespelledRepeat();
    Predicate<Piece> object = piece -> !piece.isRecord() && piece.isObject();
    return switch (dirt) {
      case TIME_STAMP_SPELLING -> spelled.and(piece -> piece.text().contains("\"timeStamp\""));
      case NUMBER_AS_TEXT ->
          spelled.and(
              piece ->
                  piece.entry().kind() != RecordKind.CUSTOMER
                      && NUMBER_IN_QUOTES.matcher(piece.text()).find());
      case PHONE_AS_NUMBER -> spelled.and(piece -> piece.text().contains("\"phone\": 555"));
      case TIME_WITH_FRACTION -> spelled.and(piece -> piece.text().contains(".0, \"lastUpdate"));
      case NULL_FOR_ABSENT -> spelled.and(piece -> piece.text().contains("AsOfDate\": null"));
      case OTHER_ORDER ->
          spelled.and(piece -> !piece.text().matches("\\{\"(customerName|user|sensorR).*"));
      case OTHER_SPACING ->
          spelled.and(piece -> piece.hasBlanks() != (piece.entry().kind() == RecordKind.CUSTOMER));
      case UNDECLARED_FIELD -> spelled.and(piece -> piece.text().contains("\"appVersion\""));
      case CONCATENATED ->
          piece -> piece.isRecord() && piece.gap().isEmpty() && piece.next() != null;
      case COMMA_AFTER -> piece -> piece.isRecord() && piece.gap().equals(",\n");
      case CRLF -> piece -> piece.isRecord() && piece.gap().equals("\r\n");
      case CUT_BEFORE_NEWLINE ->
          piece -> piece.isCut() && piece.gap().contains("\n") && piece.isBeforeRecord();
      case CUT_BEFORE_RECORD ->
          piece -> piece.isCut() && !piece.gap().contains("\n") && piece.isBeforeRecord();
      case MISSING_FIELD ->
          object.and(
              piece ->
                  piece.entry().kind() == RecordKind.STEP_TRAINER
                      && !piece.text().contains("serialNumber"));
      case WRONG_TYPE -> object.and(piece -> piece.text().contains("true"));
      case SHORTENED_TIME -> object.and(piece -> SHORT_TIME.matcher(piece.text()).find());
      case GARBAGE -> piece -> piece.text().startsWith("-- test");
      // Seen by recordsAreRepeatedInTheSameBytesAndInOthersInOneFileAndInTwo.
      case REPEATED, OVERLAPPING -> Piece::isRespelledRepeat;
    };
  }

  @Test
  void filesEndAsTheyMust() throws Exception {
    assertThat(PIECES)
        .as("cut within the last number")
        .anyMatch(
            piece -> piece.next() == null && piece.isCut() && piece.text().matches(".*[0-9]"));
    Path cut = root.resolve("customer/export/0.json");
    assertThat(cut).hasSize(2 << 20);
    List<Entry> entries = LEDGER.entries().get("customer/export/0.json");
    Entry last = entries.get(entries.size() - 1);
    assertThat(last.isRecord()).isFalse();
    assertThat(last.offset() + last.length()).isBetween((2L << 20) - 2, 2L << 20);
    assertThat(entries).as("a large file").hasSizeGreaterThan(5_000);
  }

  @ParameterizedTest
  @EnumSource
  void smallFilesLieInFoldersByDay(RecordKind kind) {
    Map<String, List<Entry>> small = new TreeMap<>();
    LEDGER
        .entries()
        .forEach(
            (path, entries) -> {
              if (LEDGER.kinds().get(path) == kind && path.contains("/part-")) {
                small.put(path, entries);
              }
            });
    assertThat(small).hasSizeGreaterThan(12);
    assertThat(small.keySet()).anyMatch(path -> path.matches("[^/]+/20\\d\\d/\\d\\d/\\d\\d/.*"));
    assertThat(small.keySet()).anyMatch(path -> path.matches("[^/]+/20\\d\\d-\\d\\d-\\d\\d/.*"));
    assertThat(small.keySet()).anyMatch(path -> path.endsWith(".gz"));
    assertThat(small.values()).allMatch(entries -> entries.size() < 100);
    assertThat(small.values()).as("empty files").anyMatch(List::isEmpty);
    Set<String> folders =
        small.keySet().stream()
            .map(path -> path.substring(0, path.indexOf("/20")))
            .collect(Collectors.toSet());
    assertThat(folders).containsExactlyInAnyOrderElementsOf(HistoryFiles.folders(kind));
    String stray = HistoryFiles.folders(kind).get(0) + "/test.json";
    assertThat(LEDGER.entries().get(stray)).hasSize(2).noneMatch(Entry::isRecord);
    Set<String> gaps =
        PIECES.stream()
            .filter(piece -> piece.entry().kind() == kind && piece.isRecord())
            .map(Piece::gap)
            .collect(Collectors.toSet());
    assertThat(gaps).contains("", "\n", "\r\n", ",\n");
  }

  @Test
  void theSummaryIsTheLedgersAndSaysSo() throws Exception {
    for (RecordKind kind : RecordKind.values()) {
      assertThat(summary.records().get(kind)).isEqualTo(LEDGER.records(kind).size());
      assertThat(summary.rejects().get(kind))
          .isEqualTo(LEDGER.rejects().stream().filter(entry -> entry.kind() == kind).count());
    }
    assertThat(summary.files()).isEqualTo(LEDGER.entries().size());
    long bytes = 0;
    for (String path : LEDGER.entries().keySet()) {
      bytes += Files.size(root.resolve(path));
    }
    assertThat(summary.bytes()).isEqualTo(bytes);
    assertThat(summary.describe())
        .isEqualTo(
            "%,d customer, %,d accelerometer, %,d step_trainer records, %,d of them repeats; %,d rejects; %,d files, %,d bytes"
                .formatted(
                    summary.records().get(RecordKind.CUSTOMER),
                    summary.records().get(RecordKind.ACCELEROMETER),
                    summary.records().get(RecordKind.STEP_TRAINER),
                    summary.repeats().values().stream().mapToLong(Long::longValue).sum(),
                    LEDGER.rejects().size(),
                    summary.files(),
                    bytes));
  }

  @Test
  void aCleanHistoryIsOneValidRecordALine(@TempDir Path folder) throws Exception {
    RecordedLedger ledger = new RecordedLedger();
    SampleSummary clean =
        SampleData.write(
            new SampleOptions(10, 1, true, OptionalInt.of(30)),
            Location.of(folder.resolve("in")),
            ledger);
    ObjectMapper json = new ObjectMapper();
    for (Map.Entry<String, List<Entry>> file : ledger.entries().entrySet()) {
      List<String> lines = Files.readAllLines(folder.resolve("in").resolve(file.getKey()));
      assertThat(lines).hasSameSizeAs(file.getValue()).isNotEmpty();
      for (String line : lines) {
        assertThat(json.readTree(line).isObject()).as(line).isTrue();
      }
    }
    assertThat(clean.rejects().values()).containsOnly(0L);
    assertThat(clean.repeats().values()).containsOnly(0L);
  }

  @Test
  void aMeanOfNoVersionsIsRefused() {
    assertThatThrownBy(() -> SampleOptions.history(1, 1, 0))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("--versions");
  }

  private static List<Map<String, Object>> distinct(RecordKind kind) {
    return LEDGER.records(kind).stream().distinct().toList();
  }

  private static <K> Map<K, List<Map<String, Object>>> grouped(
      List<Map<String, Object>> records, Function<Map<String, Object>, K> key) {
    return records.stream().collect(Collectors.groupingBy(key));
  }

  private static Set<Object> values(List<Map<String, Object>> records, String name) {
    return records.stream()
        .map(record -> record.get(name))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static <T> long count(List<T> items, Function<T, ?> value) {
    return items.stream().map(value).distinct().count();
  }

  private static long changes(Collection<Boolean> values) {
    long changes = 0;
    Boolean former = null;
    for (Boolean value : values) {
      changes += former != null && !former.equals(value) ? 1 : 0;
      former = value;
    }
    return changes;
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
