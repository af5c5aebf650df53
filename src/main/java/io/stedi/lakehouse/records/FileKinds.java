package io.stedi.lakehouse.records;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells which kind of records a file holds: by a glob for its path below the input, where one was
 * given for the kind, and for other files by what their paths mention.
 */
public final class FileKinds {

  /** Tells all kinds by what paths mention. */
  public static final FileKinds BY_MENTION = new FileKinds(Map.of());

  private final Map<RecordKind, String> patterns = new EnumMap<>(RecordKind.class);

  private FileKinds(Map<RecordKind, String> globs) {
    List<String> before = new ArrayList<>();
    Map<RecordKind, String> named = new EnumMap<>(RecordKind.class);
    for (RecordKind kind : RecordKind.values()) {
      if (globs.containsKey(kind)) {
        String pattern = pattern(globs.get(kind));
        named.put(kind, noneOf(before) + RecordKind.READ + pattern);
        before.add(pattern);
      }
    }
    for (RecordKind kind : RecordKind.values()) {
      patterns.put(kind, named.getOrDefault(kind, noneOf(before) + kind.mentionPattern()));
    }
  }

  /** So that no file is read as two kinds. */
  private static String noneOf(List<String> patterns) {
    return patterns.isEmpty() ? "" : "(?!(?:" + String.join("|", patterns) + ")$)";
  }

  /**
   * @param globs by kind, for paths below the input: {@code *} and {@code ?} stand for characters
   *     of a name, {@code **} for folders, {@code {a,b}} for one or the other. A kind without one
   *     is told by what paths mention; a file that two name is of the kind that comes first
   */
  public static FileKinds of(Map<RecordKind, String> globs) {
    return new FileKinds(globs);
  }

  /** The kind of a file by its path below the input; empty if it has none. */
  public Optional<RecordKind> ofPath(String relativePath) {
    return Stream.of(RecordKind.values())
        .filter(kind -> Pattern.matches(patterns.get(kind), relativePath))
        .findFirst();
  }

  /**
   * A pattern for the option {@code source.path.regex-pattern} of Flink's file source, which
   * matches it against the whole path of every file below its folder: those of a kind.
   *
   * @param root the input's folder as a path, without scheme and closing slash; its own name says
   *     nothing about kinds
   */
  public String pathPattern(RecordKind kind, String root) {
    return Pattern.quote(root) + "/+" + patterns.get(kind);
  }

  private static String pattern(String glob) {
    StringBuilder pattern = new StringBuilder("(?s:");
    int alternatives = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        pattern.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        pattern.append(".*");
        i++;
      } else if (c == '*') {
        pattern.append("[^/]*");
      } else if (c == '?') {
        pattern.append("[^/]");
      } else if (c == '{' && glob.indexOf('}', i) > 0) {
        pattern.append("(?:");
        alternatives++;
      } else if (c == '}' && alternatives > 0) {
        pattern.append(')');
        alternatives--;
      } else if (c == ',' && alternatives > 0) {
        pattern.append('|');
      } else {
        pattern.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return pattern.append(")".repeat(alternatives)).append(')').toString();
  }
}
