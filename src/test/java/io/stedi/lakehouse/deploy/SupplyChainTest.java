package io.stedi.lakehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the program is made of, by the list that the build writes. */
@Tag("process")
class SupplyChainTest {

  private static final Path LIST = Path.of("target", "stedi-lakehouse.cdx.json");
  private static final Path ADVISORIES = Path.of("src", "test", "resources", "advisories.csv");

  @Test
  void theListNamesWhatTheProgramIsMadeOf() throws IOException {
    assertThat(components())
        .hasSizeGreaterThan(50)
        .containsKeys(
            "org.apache.flink:flink-runtime",
            "org.apache.iceberg:iceberg-flink-runtime-2.1",
            "org.apache.logging.log4j:log4j-core",
            "org.xerial:sqlite-jdbc");
  }

  @Test
  void nothingHasAFaultThatIsKnownAndMended() throws IOException {
    Map<String, String> components = components();
    List<String> faulty = new ArrayList<>();
    List<String> advisories = Files.readAllLines(ADVISORIES);
    for (String line : advisories.subList(1, advisories.size())) {
      String[] advisory = line.split(",");
      assertThat(advisory).as(line).hasSize(3);
      String version = components.get(advisory[0]);
      if (version != null && isOlder(version, advisory[1])) {
        faulty.add("%s %s: %s".formatted(advisory[0], version, advisory[2]));
      }
    }
    assertThat(advisories).hasSizeGreaterThan(10);
    assertThat(faulty).isEmpty();
  }

  @Test
  void versionsAreComparedByTheirNumbers() {
    assertThat(isOlder("2.9.0", "2.15.0")).isTrue();
    assertThat(isOlder("2.25.3", "2.25.3")).isFalse();
    assertThat(isOlder("3.50.3.0", "3.50.2.0")).isFalse();
  }

  private static boolean isOlder(String version, String than) {
    return Arrays.compare(numbers(version), numbers(than)) < 0;
  }

  private static int[] numbers(String version) {
    return Pattern.compile("\\d+")
        .matcher(version)
        .results()
        .mapToInt(match -> Integer.parseInt(match.group()))
        .toArray();
  }

  /** The version of each artifact. */
  private static Map<String, String> components() throws IOException {
    Map<String, String> components = new TreeMap<>();
    for (JsonNode component : new ObjectMapper().readTree(LIST.toFile()).path("components")) {
      components.put(
          component.path("group").asText() + ":" + component.path("name").asText(),
          component.path("version").asText());
    }
    return components;
  }
}
