package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.deploy.StackTemplate;
import io.stedi.lakehouse.failure.LakehouseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The property groups of a managed application, as its service hands them to the program. */
class ManagedArgumentsTest {

  @TempDir private Path folder;

  @Test
  void theStacksPropertiesAreArgumentsThatTheProgramTakes() throws Exception {
    String groups =
        StackTemplate.propertyGroups(
            Map.of("Bucket", "bucket", "Database", "stedi", "PseudonymKey", "arn:aws:secret"));
    List<String> arguments =
        ManagedArguments.of(
            KinesisAnalyticsRuntime.getApplicationProperties(
                Files.writeString(folder.resolve("application_properties.json"), groups)
                    .toString()));
    assertThat(arguments).startsWith("run").contains("--input=s3://bucket/raw");
    CommandLine.ParseResult parsed =
        new CommandLine(LakehouseJob.class)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .parseArgs(arguments.toArray(String[]::new));
    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("run");
    Map<String, String> overrides = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).equals("-D")) {
        String[] setting = arguments.get(i + 1).split("=", 2);
        overrides.put(setting[0], setting[1]);
      }
    }
    // The service gives a program no variables of its environment.
    Settings settings =
        Settings.onCluster(
            arguments.stream()
                .filter(argument -> argument.startsWith("--conf="))
                .map(argument -> argument.substring("--conf=".length()))
                .findFirst()
                .orElseThrow(),
            overrides,
            Map.of());
    assertThat(settings.catalogProperties())
        .containsEntry("warehouse", "s3://bucket/warehouse")
        .containsEntry("client.region", StackTemplate.REGION);
    assertThat(settings.flinkConfiguration()).isEmpty();
  }

  @Test
  void withoutArgumentsOrServiceItSaysWhatItNeeds() {
    assertThatThrownBy(LakehouseJob::main)
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("--conf", "--input", "--mode");
    assertThatThrownBy(() -> ManagedArguments.of(Map.of()))
        .hasMessageContaining("no property group 'stedi'");
  }
}
