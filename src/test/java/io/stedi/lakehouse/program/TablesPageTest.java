package io.stedi.lakehouse.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables, their relations and the flow between them in {@code docs/tables.md} are those of the
 * program. With {@code -Ddocs.write=true} the test writes them.
 */
class TablesPageTest {

  private static final Path PAGE = Path.of("docs/tables.md");
  private static final String BEGIN = "<!-- generated: TablesPageTest -->\n";
  private static final String END = "<!-- end -->\n";

  private static final Pattern COLUMN =
      Pattern.compile("(?m)^  `?(\\w+)`? ([A-Z_]+(?:\\(\\d+\\))?) COMMENT '((?:[^']|'')*)'");
  private static final Pattern KEY = Pattern.compile("PRIMARY KEY \\(([^)]*)\\)");
  private static final Pattern COMMENT = Pattern.compile("'comment' = '((?:[^']|'')*)'");

  /** The table that refers, the one that it refers to, and by which columns. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?s)FROM stored\\.(\\w+) AS t.*?stored\\.(\\w+).*\\bAS r\\s+ON (.*?)WHERE");

  private static final Pattern REFERRING = Pattern.compile("t\\.`?(\\w+)`?");

  private static final Pattern PERSONAL =
      Pattern.compile("'stedi\\.forget\\.(?:account|device|cleared)' = '([^']*)'");

  private final SqlProgram program = SqlProgram.load();

  private record Column(String name, String type, String meaning) {}

  /** What a definition says. */
  private record Definition(
      String meaning, List<Column> columns, List<String> key, Set<String> personal) {

    static Definition of(String sql) {
      List<Column> columns = new ArrayList<>();
      Matcher column = COLUMN.matcher(sql);
      while (column.find()) {
        columns.add(new Column(column.group(1), column.group(2), unquoted(column.group(3))));
      }
      Matcher key = KEY.matcher(sql);
      Matcher comment = COMMENT.matcher(sql);
      assertThat(comment.find()).as("a comment in %s", sql).isTrue();
      Set<String> personal = new TreeSet<>();
      Matcher property = PERSONAL.matcher(sql);
      while (property.find()) {
        personal.add(property.group(1).split(",")[0].strip());
      }
      return new Definition(
          unquoted(comment.group(1)),
          columns,
          key.find() ? names(key.group(1)) : List.of(),
          personal);
    }

    private static String unquoted(String text) {
      return text.replace("''", "'");
    }

    private static List<String> names(String list) {
      return Arrays.stream(list.split(",")).map(name -> name.strip().replace("`", "")).toList();
    }
  }

  @Test
  void thePageShowsEveryTable() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).isGreaterThanOrEqualTo(start);
    Map<String, Definition> definitions = new LinkedHashMap<>();
    program.tables().forEach((name, file) -> definitions.put(name, Definition.of(file.text())));
    String generated = flow() + relations(definitions) + tables(definitions);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, start) + generated + page.substring(end));
    } else {
      assertThat(page.substring(start, end))
          .as("write it with -Ddocs.write=true")
          .isEqualTo(generated);
    }
  }

  private String flow() {
    StringBuilder flow = new StringBuilder("\n## Flow\n\n```mermaid\nflowchart LR\n");
    program
        .flow()
        .forEach(
            (table, from) ->
                from.forEach(source -> flow.append("  %s --> %s\n".formatted(source, table))));
    return flow.append("```\n").toString();
  }

  private String relations(Map<String, Definition> definitions) {
    StringBuilder diagram = new StringBuilder("\n## Entities\n\n```mermaid\nerDiagram\n");
    for (String reference : program.checks().get("references").text().split("UNION ALL")) {
      Matcher parts = REFERENCE.matcher(reference);
      assertThat(parts.find()).as(reference).isTrue();
      diagram.append(
          "  %s ||--o{ %s : \"%s\"\n"
              .formatted(
                  parts.group(2),
                  parts.group(1),
                  REFERRING
                      .matcher(parts.group(3))
                      .results()
                      .map(column -> column.group(1))
                      .collect(Collectors.joining(", "))));
    }
    definitions.forEach(
        (name, definition) -> {
          if (!definition.key().isEmpty()) {
            diagram.append("  %s {\n".formatted(name));
            definition
                .columns()
                .forEach(
                    column ->
                        diagram.append(
                            "    %s %s%s\n"
                                .formatted(
                                    column.type().replaceAll("\\(.*", "").toLowerCase(Locale.ROOT),
                                    column.name(),
                                    definition.key().contains(column.name()) ? " PK" : "")));
            diagram.append("  }\n");
          }
        });
    return diagram.append("```\n").toString();
  }

  private static String tables(Map<String, Definition> definitions) {
    StringBuilder tables = new StringBuilder();
    definitions.forEach(
        (name, definition) -> {
          tables.append("\n## %s\n\n%s.\n".formatted(name, sentence(definition.meaning())));
          tables.append(
              definition.key().isEmpty()
                  ? ""
                  : "Key: `%s`.\n".formatted(String.join("`, `", definition.key())));
          tables.append(
              "A person is found here by `%s`.\n"
                  .formatted(String.join("`, `", definition.personal())));
          tables.append("\n| column | type | meaning |\n| --- | --- | --- |\n");
          for (Column column : definition.columns()) {
            tables.append(
                "| `%s` | %s | %s |\n"
                    .formatted(column.name(), column.type(), column.meaning().replace("|", "\\|")));
          }
        });
    return tables.append('\n').toString();
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
