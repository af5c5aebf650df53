package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second opinion on what an object is: RFC 8259 by recursive descent, slow and plain, sharing
 * nothing with the parser that is tested.
 */
final class StrictJson {

  private static final Pattern WHITESPACE = Pattern.compile("[ \\t\\r\\n]*");
  private static final Pattern TEXT =
      Pattern.compile("\"((?:[^\"\\\\\\x00-\\x1F]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9A-Fa-f]{4})*)\"");
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final Pattern LITERAL = Pattern.compile("true|false|null");

  private final Matcher matcher;
  private final String text;
  private int at;

  private StrictJson(String text) {
    this.text = text;
    this.matcher = TEXT.matcher(text);
  }

  /** The names of the object's own fields as spelled, if the bytes are exactly one object. */
  static Optional<List<String>> fieldsOf(byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    StrictJson json = new StrictJson(text);
    List<String> names = new ArrayList<>();
    return json.object(names, 1) && json.at == text.length()
        ? Optional.of(names)
        : Optional.empty();
  }

  private boolean object(List<String> names, int depth) {
    if (depth > ObjectReader.MAX_DEPTH || !take('{')) {
      return false;
    }
    skipWhitespace();
    if (take('}')) {
      return true;
    }
    do {
      skipWhitespace();
      if (!take(TEXT)) {
        return false;
      }
      names.add(matcher.group(1));
      skipWhitespace();
      if (!take(':') || !value(depth)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean array(int depth) {
    if (depth > ObjectReader.MAX_DEPTH || !take('[')) {
      return false;
    }
    skipWhitespace();
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean value(int depth) {
    skipWhitespace();
    boolean found =
        switch (at < text.length() ? text.charAt(at) : 0) {
          case '{' -> object(new ArrayList<>(), depth + 1);
          case '[' -> array(depth + 1);
          case '"' -> take(TEXT);
          default -> take(NUMBER) || take(LITERAL);
        };
    skipWhitespace();
    return found;
  }

  private void skipWhitespace() {
    take(WHITESPACE);
  }

  private boolean take(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private boolean take(Pattern pattern) {
    matcher.usePattern(pattern).region(at, text.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    at = matcher.end();
    return true;
  }
}
