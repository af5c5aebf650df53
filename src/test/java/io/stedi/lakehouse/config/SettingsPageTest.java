package io.stedi.lakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The table of settings in {@code docs/settings.md} is what the program says. With {@code
 * -Ddocs.write=true} the test writes the table.
 */
class SettingsPageTest {

  private static final Path PAGE = Path.of("docs/settings.md");
  private static final String HEADER =
      "| setting | default | on one machine | values | meaning |\n| --- | --- | --- | --- | --- |\n";

  @Test
  void thePageListsEverySetting() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf(HEADER);
    assertThat(start).as("the table's header").isNotNegative();
    int end = page.indexOf("\n\n", start) + 1;
    String table = HEADER + rows();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end));
    } else {
      assertThat(page.substring(start, end)).isEqualTo(table);
    }
  }

  private static String rows() {
    Map<String, String> variables = Map.of("lake", "LAKE");
    Settings batch = Settings.onOneMachine("local", Map.of(), variables);
    Settings streaming = Settings.forStreaming("local", Map.of(), variables);
    StringBuilder rows = new StringBuilder();
    for (Setting setting : Setting.values()) {
      String local = streaming.get(setting);
      assertThat(batch.get(setting)).as(setting.key()).isIn(local, setting.defaultValue());
      rows.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  setting.key(),
                  code(setting.defaultValue()),
                  local.equals(setting.defaultValue()) ? "" : code(local),
                  setting.allowed().replace("|", "\\|"),
                  setting.description()));
    }
    return rows.toString();
  }

  private static String code(String value) {
    return value.isEmpty() ? "" : "`" + value + "`";
  }
}
