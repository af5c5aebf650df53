package io.stedi.lakehouse.program;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a statement, taken apart into tokens: as far as comments, literals, quoted names and
 * words have to be told from each other, and no further.
 */
public record SqlText(List<Token> tokens) {

  /** What a token is. */
  enum Kind {
    COMMENT,
    /** A text in single quotes. */
    LITERAL,
    /** A name in backticks or, as in standard SQL and Athena, in double quotes. */
    QUOTED,
    WORD,
    SPACE,
    /** Any other character. */
    SYMBOL
  }

  /** A part of the text, as it is written. */
  record Token(Kind kind, String text) {

    /** The name that a token stands for; null if it is none. */
    String name() {
      return switch (kind) {
        case WORD -> text;
        case QUOTED -> text.substring(1, text.length() - 1);
        default -> null;
      };
    }

    boolean is(String word) {
      return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }
  }

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /**
   * In the order of {@link Kind}. What is not closed is no token of its kind; a hint is no comment.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(--[^\\n]*|(?s:/\\*(?!\\+).*?\\*/))|('(?:[^']|'')*')|(`[^`]*`|\"[^\"]*\")|([\\p{L}_][\\p{L}\\p{N}_]*)|(\\s+)|((?s:.))");

  private static final Set<String> BEFORE_A_TABLE = Set.of("FROM", "JOIN", "TABLE");

  public SqlText {
    tokens = List.copyOf(tokens);
  }

  /** Takes a text apart. What is no SQL becomes tokens too. */
  public static SqlText of(String text) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    while (matcher.find()) {
      for (Kind kind : Kind.values()) {
        if (matcher.group(kind.ordinal() + 1) != null) {
          tokens.add(new Token(kind, matcher.group()));
        }
      }
    }
    return new SqlText(tokens);
  }

  /** The names that stand where a table is named, without those that are qualified by another. */
  public Set<String> tables() {
    List<Token> code = code();
    Set<String> tables = new TreeSet<>();
    for (int i = 1; i < code.size(); i++) {
      boolean begins =
          BEFORE_A_TABLE.stream().anyMatch(code.get(i - 1)::is)
              // TABLE(name)
              || i > 1 && code.get(i - 1).text().equals("(") && code.get(i - 2).is("TABLE");
      boolean qualifies = i + 1 < code.size() && code.get(i + 1).text().equals(".");
      if (begins && !qualifies && code.get(i).name() != null) {
        tables.add(code.get(i).name());
      }
    }
    return tables;
  }

  /** The first word, in upper case, whatever comments are before it; empty if there is none. */
  public String verb() {
    return code().stream()
        .findFirst()
        .filter(token -> token.kind() == Kind.WORD)
        .map(token -> token.text().toUpperCase(Locale.ROOT))
        .orElse("");
  }

  /** Without comments, spaces and semicolons at its end. */
  public SqlText withoutEnd() {
    int end = tokens.size();
    while (end > 0 && isEnd(tokens.get(end - 1))) {
      end--;
    }
    return new SqlText(tokens.subList(0, end));
  }

  private static boolean isEnd(Token token) {
    return token.kind() == Kind.SPACE || token.kind() == Kind.COMMENT || token.text().equals(";");
  }

  /** With names in double quotes put in backticks, which is how Flink has them. */
  public SqlText withBackticks() {
    return mapped(
        token ->
            token.kind() == Kind.QUOTED ? new Token(Kind.QUOTED, '`' + token.name() + '`') : token);
  }

  /**
   * With double quotes round words that are columns here, though SQL has another use for them: not
   * where they are a type, or begin a literal or a call.
   *
   * @param columns in lower case
   */
  public SqlText withQuoted(Collection<String> columns) {
    List<Token> quoted = new ArrayList<>(tokens);
    List<Token> code = code();
    int at = -1;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (!isCode(token)) {
        continue;
      }
      at++;
      Token before = at == 0 ? null : code.get(at - 1);
      Token after = at + 1 < code.size() ? code.get(at + 1) : null;
      String word = token.text().toLowerCase(Locale.ROOT);
      if (token.kind() == Kind.WORD && columns.contains(word) && isColumn(before, after)) {
        quoted.set(i, new Token(Kind.QUOTED, '"' + word + '"'));
      }
    }
    return new SqlText(quoted);
  }

  private static boolean isColumn(Token before, Token after) {
    if (after == null) {
      return true;
    }
    if (after.kind() == Kind.LITERAL || after.text().equals("(")) {
      return false;
    }
    boolean type = after.text().equals(")") || after.is("WITH") || after.is("WITHOUT");
    return !(before != null && before.is("AS") && type);
  }

  private SqlText mapped(Function<Token, Token> change) {
    return new SqlText(tokens.stream().map(change).toList());
  }

  /** The tokens that count. */
  private List<Token> code() {
    return tokens.stream().filter(SqlText::isCode).toList();
  }

  private static boolean isCode(Token token) {
    return token.kind() != Kind.SPACE && token.kind() != Kind.COMMENT;
  }

  @Override
  public String toString() {
    return tokens.stream().map(Token::text).collect(Collectors.joining());
  }
}
