package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.stedi.lakehouse.query.LakeQuery;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the documents tell a reader to type is what the commands take. */
class DocumentedCommandsTest {

  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:    )?(?:\\S+=\\S+ )?\\./stedi (.*)$");

  /** As a shell takes a line apart. */
  private static final Pattern WORD =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|(\\S+)");

  static List<String> commands() throws IOException {
    List<Path> documents =
        new ArrayList<>(List.of(Path.of("README.md"), Path.of("k8s", "README.md")));
    documents.add(Path.of("conf", "aws", "README.md"));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    List<String> commands = new ArrayList<>();
    for (Path document : documents) {
      Matcher matcher = COMMAND.matcher(Files.readString(document).replace(" \\\n", " "));
      while (matcher.find()) {
        commands.add(matcher.group(1));
      }
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandTakesItsArguments(String command) {
    assertThatCode(
            () ->
                new CommandLine(Main.class)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(words(command).toArray(String[]::new)))
        .as(command)
        .doesNotThrowAnyException();
  }

  /** The queries of the runbooks, on a lake. */
  static List<String> queries() throws IOException {
    Matcher matcher = COMMAND.matcher(Files.readString(Path.of("docs", "operations.md")));
    List<String> queries = new ArrayList<>();
    while (matcher.find()) {
      words(matcher.group(1)).stream()
          .filter(word -> word.startsWith("SELECT"))
          .forEach(queries::add);
    }
    return queries;
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aQueryOfARunbookIsAnswered(String query) throws Exception {
    TestLake lake = SharedLake.sample().lake();
    try (LakeQuery.Result result = new LakeQuery(lake.settings(), lake.lake()).run(query)) {
      result.rows().forEachRemaining(row -> assertThat(row.getArity()).isPositive());
      assertThat(result.columns()).isNotEmpty();
    }
  }

  @Test
  void thereAreMany() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(30);
    assertThat(queries()).hasSizeGreaterThan(5);
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(command).results().toList()) {
      if (word.group().startsWith("#") || word.group().equals("|") || word.group().equals(">")) {
        break;
      }
      for (int group = 1; group <= 3; group++) {
        if (word.group(group) != null) {
          String text = word.group(group).replace("\\\"", "\"");
          words.add(text.equals("COMMAND") ? "run" : text);
        }
      }
    }
    return words;
  }
}
