package io.stedi.lakehouse.records;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kinds of raw records. A file's kind is told by its path below the input, if {@link FileKinds}
 * knows nothing else: the last mention of a kind in it counts, in whatever case, be it in a
 * folder's name or in the file's.
 */
public enum RecordKind {
  CUSTOMER("customer"),
  ACCELEROMETER("accelerometer"),
  STEP_TRAINER("step[-_ ]?trainer");

  private static final String ANY =
      Stream.of(values()).map(kind -> kind.mention).collect(Collectors.joining("|", "(?:", ")"));

  /** No part of the path is hidden, which is also how macOS marks what it adds to zip files. */
  private static final String VISIBLE = "(?!(?s)(?:.*/)?[._])";

  private static final String ARCHIVE = ".*[.](?:zip|7z|rar|tar|tgz|tar[.](?:gz|bz2|xz|zst))$";

  /** An archive within the input is no file of records; its bytes would all be rejected. */
  private static final String NO_ARCHIVE = "(?!(?is)" + ARCHIVE + ")";

  /** What is still being written, by the names that writers and transfers use. */
  private static final String FINISHED =
      "(?!(?is).*(?:[.](?:tmp|temp|part|partial|inprogress|filepart|crdownload|swp)|~)$)";

  /** What a path of any file that is read is like, as a look ahead. */
  static final String READ = VISIBLE + FINISHED;

  /**
   * What lies beside data in repositories and course material is none: source code, which may hold
   * records as examples, documents, pictures. Data has the name of JSON, of text, a number, or no
   * extension; that of a compression may follow.
   */
  private static final String DATA =
      "(?=(?is)(?:.*/)?(?:[^/.]*|[^/]*[.](?:(?:json|jsonl|ndjson|jsonlines)(?:[^a-z0-9./][^/.]*)?"
          + "|txt|text|log|dat|data|raw|out|c?[0-9][^/.]*))"
          + "(?:[.](?:gz|gzip|bz2|bzip2|xz|zst|zstd|snappy|sz|lz4|lzo|deflate|z))?$)";

  private static final String NO_DOCUMENT =
      "(?!(?is)(?:.*/)?(?:readme|licen[cs]e|notice|changelog|makefile|dockerfile)(?:[.]txt)?$)";

  private final String mention;

  RecordKind(String mention) {
    this.mention = mention;
  }

  /** The kind's name in tables, sources and the rejects. */
  public String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a file holds others, by its name. */
  public static boolean isArchive(String path) {
    return Pattern.matches("(?is)" + ARCHIVE, path);
  }

  /** Whether Flink's file source leaves out a folder or file for its name. */
  public static boolean isHidden(Path name) {
    return name != null && (name.toString().startsWith(".") || name.toString().startsWith("_"));
  }

  /** What a path below the input is like if it mentions this kind: a regular expression. */
  String mentionPattern() {
    return READ + NO_ARCHIVE + DATA + NO_DOCUMENT + "(?is:.*" + mention + "(?!.*" + ANY + ").*)";
  }
}
