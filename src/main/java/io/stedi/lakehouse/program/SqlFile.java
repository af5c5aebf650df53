package io.stedi.lakehouse.program;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One SQL file: one statement, named after the file.
 *
 * @param folder the folder it lies in
 * @param name the file's name without {@code .sql}: the table, view or function it defines
 * @param text the file's content
 */
public record SqlFile(String folder, String name, String text) {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([a-z_.-]+)}");

  public SqlFile {
    requireNonNull(folder, "folder");
    requireNonNull(name, "name");
    requireNonNull(text, "text");
  }

  /**
   * The statement without its closing semicolon, with {@code ${name}} replaced.
   *
   * @throws LakehouseException if the file refers to a variable that there is not
   */
  public String statement(Map<String, String> variables) {
    String replaced =
        VARIABLE
            .matcher(text)
            .replaceAll(
                match -> {
                  String value = variables.get(match.group(1));
                  if (value == null) {
                    throw LakehouseException.usage(
                        "%s/%s.sql refers to ${%s}, which does not exist. There are: %s."
                            .formatted(
                                folder,
                                name,
                                match.group(1),
                                String.join(", ", variables.keySet().stream().sorted().toList())));
                  }
                  return Matcher.quoteReplacement(value);
                });
    String stripped = replaced.strip();
    return stripped.endsWith(";")
        ? stripped.substring(0, stripped.length() - 1).stripTrailing()
        : stripped;
  }

  /** The names that the statement reads from, of views, sources and tables. */
  Set<String> names() {
    return SqlText.of(text).tables();
  }
}
