package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
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
record SqlFile(String folder, String name, String text) {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([a-z_.-]+)}");

  /** Comments, texts and names in quotes, and words; what is between them is of no use here. */
  private static final Pattern TOKEN =
      Pattern.compile("--[^\\n]*|(?s:/\\*.*?\\*/)|'[^']*'|`[^`]*`|\"[^\"]*\"|[A-Za-z_]\\w*");

  SqlFile {
    requireNonNull(folder, "folder");
    requireNonNull(name, "name");
    requireNonNull(text, "text");
  }

  /**
   * The statement without its closing semicolon, with {@code ${name}} replaced.
   *
   * @throws LakehouseException if the file refers to a variable that there is not
   */
  String statement(Map<String, String> variables) {
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

  /** The names in the statement, without those in comments and texts, or qualified by another. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    int i = 0;
    boolean qualified = false;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (text.startsWith("--", i)) {
        i = endOr(text.indexOf('\n', i));
      } else if (text.startsWith("/*", i)) {
        i = endOr(text.indexOf("*/", i + 2) + 1);
      } else if (c == '\'' || c == '`') {
        int end = endOr(text.indexOf(c, i + 1));
        if (c == '`' && !qualified) {
          names.add(text.substring(i + 1, end));
        }
        i = end + 1;
      } else if (Character.isLetter(c) || c == '_') {
        int end = i;
        while (end < text.length()
            && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
          end++;
        }
        if (!qualified) {
          names.add(text.substring(i, end));
        }
        i = end;
        qualified = false;
        continue;
      } else {
        i++;
      }
      qualified = c == '.';
    }
    return names;
  }

  /**
   * Spells a statement for Flink: identifiers in double quotes, as standard SQL and Athena have
   * them, are put in backticks. In Flink a double quote is an error anywhere but in texts and
   * comments, which are left alone.
   */
  static String withBackticks(String sql) {
    StringBuilder spelled = new StringBuilder(sql);
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      int end;
      if (sql.startsWith("--", i)) {
        end = sql.indexOf('\n', i);
      } else if (sql.startsWith("/*", i)) {
        end = sql.indexOf("*/", i + 2);
      } else if (c == '\'' || c == '`' || c == '"') {
        end = sql.indexOf(c, i + 1);
        if (c == '"' && end > 0) {
          spelled.setCharAt(i, '`');
          spelled.setCharAt(end, '`');
        }
      } else {
        end = i;
      }
      i = end < 0 ? sql.length() : end + 1;
    }
    return spelled.toString();
  }

  /**
   * Puts double quotes round names that are columns here, though SQL has another use for them: not
   * where they are a type, or begin a literal or a call.
   *
   * @param names in lower case
   */
  static String quoted(String sql, Collection<String> names) {
    StringBuilder quoted = new StringBuilder();
    Matcher token = TOKEN.matcher(sql);
    int end = 0;
    String before = "";
    while (token.find()) {
      String text = token.group();
      char next = nextVisible(sql, token.end());
      boolean column =
          names.contains(text.toLowerCase(Locale.ROOT))
              && next != '\''
              && next != '('
              && !(before.equalsIgnoreCase("AS") && (next == ')' || next == 'W' || next == 'w'));
      quoted.append(sql, end, token.start());
      quoted.append(column ? '"' + text.toLowerCase(Locale.ROOT) + '"' : text);
      end = token.end();
      before = text;
    }
    return quoted.append(sql.substring(end)).toString();
  }

  /** The next character that is no white space; 0 at the end. */
  private static char nextVisible(String sql, int from) {
    int i = from;
    while (i < sql.length() && Character.isWhitespace(sql.charAt(i))) {
      i++;
    }
    return i < sql.length() ? sql.charAt(i) : 0;
  }

  private int endOr(int index) {
    return index <= 0 ? text.length() : index;
  }
}
