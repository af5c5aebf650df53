package io.stedi.lakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void nestedKeysAndDottedKeysAreTheSame() {
    assertThat(load("consent: {from-date: true}").get(Setting.CONSENT_FROM_DATE)).isEqualTo("true");
    assertThat(load("consent.from-date: true").get(Setting.CONSENT_FROM_DATE)).isEqualTo("true");
  }

  @Test
  void anOverrideWinsOverTheFile() {
    Settings settings =
        Settings.load(
            Map.of("test.yaml", "machine-learning: {match: time}"),
            Map.of("machine-learning.match", "device"),
            Map.of());
    assertThat(settings.get(Setting.MACHINE_LEARNING_MATCH)).isEqualTo("device");
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
    assertUsage("consent: {form-date: true}", "consent.form-date", "'consent.from-date'");
    assertUsage("machine-learning.mach: device", "'machine-learning.match'", "test.yaml");
    assertUsage("catalogue.uri: x", "'catalog.'");
  }

  @Test
  void aValueThatIsNotAllowedIsRefusedWithWhatIs() {
    assertUsage("consent.from-date: maybe", "consent.from-date", "maybe", "true or false");
    assertUsage("parallelism: 0", "parallelism", "1 to 1024");
    assertUsage("streaming.checkpoint-interval: fast", "a duration such as");
    assertUsage("machine-learning.tolerance: 61s", "at most 1min");
    assertUsage("database: Stedi", "a lower-case name");
    assertUsage("parallelism: [1, 2]", "is a list");
  }

  @Test
  void whatIsNoYamlIsRefused() {
    assertUsage("consent: [", "test.yaml is not valid YAML");
    assertUsage("just a text", "test.yaml holds no settings");
    assertUsage("database: a\ndatabase: b", "not valid YAML", "database");
  }

  @Test
  void variablesAreReplacedAndMissingOnesNamed() {
    Settings settings =
        Settings.load(
            Map.of(
                "test.yaml",
                "catalog: {uri: 'jdbc:${lake}/x', warehouse: '${WAREHOUSE:-file:/w}'}"),
            Map.of(),
            Map.of("lake", "/l$1"));
    assertThat(settings.catalogProperties())
        .isEqualTo(Map.of("uri", "jdbc:/l$1/x", "warehouse", "file:/w"));
    assertUsage("catalog.uri: ${NOWHERE}", "catalog.uri", "NOWHERE");
  }

  @Test
  void whatComesFromTheEnvironmentIsShownByItsName() {
    Settings settings =
        Settings.load(
            Map.of(
                "test.yaml",
                "catalog: {uri: 'jdbc:${lake}/x', password: '${SECRET}', user: '${NAME:-me}'}"),
            Map.of(),
            Map.of("lake", "/l", "SECRET", "hidden", "NAME", "kim"));
    assertThat(settings.catalogProperties()).containsEntry("password", "hidden");
    assertThat(settings.shownCatalogProperties(Map.of("lake", "/l")))
        .isEqualTo(Map.of("uri", "jdbc:/l/x", "password", "${SECRET}", "user", "${NAME:-me}"));
  }

  @Test
  void everySettingHasADefaultThatItAccepts() {
    Settings settings = load("");
    for (Setting setting : Setting.values()) {
      assertThat(settings.get(setting)).as(setting.key()).isEqualTo(setting.defaultValue());
    }
    assertThat(settings.parallelism()).as("left to the cluster").isEmpty();
    assertThat(load("parallelism: auto").parallelism())
        .hasValue(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void whatGoesToFlinkKeepsItsKey() {
    assertThat(load("flink: {rest.port: 1}").flinkConfiguration())
        .isEqualTo(Map.of("rest.port", "1"));
  }

  @Test
  void moreTasksGetMoreMemoryForWhatTheyHandOn() {
    assertThat(load("{parallelism: 3, network-memory-per-task: 32m}").flinkConfiguration())
        .isEqualTo(
            Map.of(
                "taskmanager.memory.network.min",
                "96 mb",
                "taskmanager.memory.network.max",
                "96 mb"));
    assertThat(
            load("""
                {parallelism: 3, network-memory-per-task: 32m, flink: {
                  taskmanager.memory.network.min: 1g, taskmanager.memory.network.max: 1g}}
                """)
                .flinkConfiguration())
        .as("what is said of Flink itself wins")
        .isEqualTo(
            Map.of("taskmanager.memory.network.min", "1g", "taskmanager.memory.network.max", "1g"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"32", "m", "0m", "1025m", "2g"})
  void memoryIsInMegabytes(String text) {
    assertThatThrownBy(() -> load("network-memory-per-task: " + text))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("from 1m to 1024m");
  }

  @Test
  void anEmptyValueIsAsIfNotSet() {
    assertThat(load("catalog: {a: '${NOWHERE:-}', b: x}").catalogProperties())
        .isEqualTo(Map.of("b", "x"));
  }

  @Test
  void anEnvironmentWinsOverWhatHoldsInAll() {
    Map<String, String> variables =
        Map.of("lake", "/l", "STEDI_WAREHOUSE", "s3://b/w", "AWS_REGION", "eu-central-1");
    for (String environment : List.of("local", "aws", "rest")) {
      Settings cluster = Settings.onCluster(environment, Map.of(), variables);
      assertThat(cluster.catalogProperties())
          .containsKeys("catalog-impl", "warehouse", "table-default.format-version");
      assertThat(cluster.flinkConfiguration()).as("a cluster has its own").isEmpty();
      assertThat(Settings.onOneMachine(environment, Map.of(), variables).flinkConfiguration())
          .containsEntry("state.backend.type", "rocksdb");
      assertThat(Settings.forStreaming(environment, Map.of(), variables).flinkConfiguration())
          .containsEntry("state.backend.type", "rocksdb")
          .containsEntry("taskmanager.memory.managed.size", "1g");
    }
    assertThat(Settings.onCluster("rest", Map.of(), variables).catalogProperties())
        .containsEntry("uri", "https://glue.eu-central-1.amazonaws.com/iceberg")
        .doesNotContainKey("s3.endpoint");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "10s,10000", "2min,120000", "1 h,3600000"})
  void durationsAreRead(String text, long millis) {
    assertThat(Setting.parseDuration(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "-1s", "10", "s", "1.5s", "9999999999999999999s"})
  void whatIsNoDurationIsNone(String text) {
    assertThat(Setting.parseDuration(text)).isEmpty();
  }

  private static Settings load(String yaml) {
    return Settings.load(Map.of("test.yaml", yaml), Map.of(), Map.of());
  }

  private static void assertUsage(String yaml, String... parts) {
    assertThatThrownBy(() -> load(yaml))
        .isInstanceOfSatisfying(
            LakehouseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LakehouseException.Kind.USAGE);
              assertThat(e).hasMessageContainingAll(parts);
            });
  }
}
