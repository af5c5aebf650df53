package io.stedi.lakehouse.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.Chance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordKindTest {

  @ParameterizedTest
  @CsvSource({
    "customer/landing/x.json, CUSTOMER",
    "deep/down/Accelerometer-1.json.gz, ACCELEROMETER",
    "step_trainer.json, STEP_TRAINER",
    "Step-Trainer/1, STEP_TRAINER",
    "steptrainer/1, STEP_TRAINER",
    "customer/accelerometer/1.json, ACCELEROMETER",
    "accelerometer/customer-1.json, CUSTOMER",
    "my customers/1.json, CUSTOMER",
    "customer/2023-08-06T18:57:11.json, CUSTOMER",
    "customer/2023-08-06T18:57:11.123Z, CUSTOMER",
    "customer/stream-1-2023-08-06-18-57-11-4f2b, CUSTOMER",
    "customer/part-00000-4f2b.c000.JSON.snappy, CUSTOMER",
    "customer/export.ndjson.zst, CUSTOMER",
    "customer/export.json (1), CUSTOMER",
    "customer/test.txt, CUSTOMER",
    "customer.d/export.json.7, CUSTOMER",
  })
  void theLastMentionDecides(String path, RecordKind kind) {
    assertThat(FileKinds.BY_MENTION.ofPath(path)).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notes.txt",
        "trainer/1.json",
        ".customer.json",
        "_tmp/customer.json",
        "customer/.hidden/1.json",
        "customer/_SUCCESS",
        "__MACOSX/customer/1.json",
        "customer/1.json.tmp",
        "customer/1.json.PART",
        "customer/1.json~",
        "customer/README",
        "customer/readme.TXT",
        "customer/README.md",
        "customer_landing.sql",
        "customer_landing_to_trusted.py",
        "notebooks/customer_curated.ipynb",
        "screenshots/customer_landing.png",
        "customer/schema.yaml",
        "customer/Customer.java",
        "customer/customer.json.py",
        "customer/old.tar.gz",
        "customer/old.tar.xz",
      })
  void filesThatAreHiddenUnfinishedOrWithoutAMentionAreOfNoKind(String path) {
    assertThat(FileKinds.BY_MENTION.ofPath(path)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "mobile-app/landing/1.json, ACCELEROMETER",
    "mobile-app/customer/1.json, ACCELEROMETER",
    "mobile-app/1.py, ACCELEROMETER",
    "deep/mobile-app/customer/1.json, CUSTOMER",
    "accelerometer/1.json, ",
    "mobile-app/.hidden/1.json, ",
    "mobile-app/1.json.part, ",
    "devices/a(1).json, STEP_TRAINER",
    "devices/b(1).json, STEP_TRAINER",
    "devices/c(1).json, ",
    "devices/a(1).json/customer.json, CUSTOMER",
    "step_trainer/customer.json, CUSTOMER",
  })
  void aGlobTellsAKindBeforeWhatPathsMention(String path, RecordKind kind) {
    FileKinds kinds =
        FileKinds.of(
            Map.of(
                RecordKind.ACCELEROMETER, "mobile-app/**",
                RecordKind.STEP_TRAINER, "devices/{a,b}(?).*"));
    assertThat(kinds.ofPath(path)).isEqualTo(Optional.ofNullable(kind));
  }

  @Test
  void aFileThatTwoGlobsNameIsReadOnce() {
    FileKinds kinds =
        FileKinds.of(Map.of(RecordKind.CUSTOMER, "people/**", RecordKind.STEP_TRAINER, "**"));
    assertThat(
            Stream.of(RecordKind.values())
                .filter(
                    kind -> Pattern.matches(kinds.pathPattern(kind, "/in"), "/in/people/1.json")))
        .containsExactly(RecordKind.CUSTOMER);
  }

  @Test
  void thePatternForFlinkAgreesWithTheKindOnRandomPaths() {
    long seed = Chance.seed(getClass());
    Random random = new Random(seed);
    List<String> parts =
        List.of(
            "customer",
            "Accelerometer",
            "step_trainer",
            "step trainer",
            "landing",
            ".x",
            "_y",
            "a.json",
            "+(1)",
            "ü");
    String root = "/data/customer (1)/step_trainer";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder path = new StringBuilder();
      for (int part = 0; part <= random.nextInt(4); part++) {
        path.append(part == 0 ? "" : random.nextBoolean() ? "/" : "-");
        path.append(parts.get(random.nextInt(parts.size())));
      }
      FileKinds kinds =
          random.nextBoolean()
              ? FileKinds.BY_MENTION
              : FileKinds.of(Map.of(RecordKind.STEP_TRAINER, "**/{landing,a.json}**"));
      for (RecordKind kind : RecordKind.values()) {
        assertThat(Pattern.matches(kinds.pathPattern(kind, root), root + "/" + path))
            .as("%s is %s, seed %d", path, kind, seed)
            .isEqualTo(kinds.ofPath(path.toString()).equals(Optional.of(kind)));
      }
    }
    assertThat(
            Pattern.matches(
                FileKinds.BY_MENTION.pathPattern(RecordKind.CUSTOMER, root),
                "/data/customer/1.json"))
        .isFalse();
  }
}
