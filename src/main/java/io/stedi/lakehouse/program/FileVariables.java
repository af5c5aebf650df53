package io.stedi.lakehouse.program;

import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.records.RecordKind;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/** What the {@code ${input...}} and {@code ${output...}} variables of raw files stand for. */
public final class FileVariables {

  /** Stands for the folder of raw files. */
  static final String INPUT = "input.root";

  private FileVariables() {}

  static Map<String, String> of(URI input, FileKinds kinds) {
    Map<String, String> variables = new TreeMap<>();
    variables.put(INPUT, location(input));
    for (RecordKind kind : RecordKind.values()) {
      variables.put("input.pattern." + kind.tableName(), kinds.pathPattern(kind, path(input)));
    }
    return variables;
  }

  /**
   * @param output null if no raw files are written
   */
  static Map<String, String> of(URI input, FileKinds kinds, URI output) {
    Map<String, String> variables = of(input, kinds);
    if (output != null) {
      variables.put("output.root", location(output));
    }
    return variables;
  }

  private static String location(URI root) {
    String authority = root.getAuthority() == null ? "" : root.getAuthority();
    return root.getScheme() + "://" + authority + path(root);
  }

  /** Flink takes a path as it is written: decoded, and without the slash that Java ends it with. */
  private static String path(URI root) {
    return root.getPath().replaceFirst("(?<=[^/])/+$", "");
  }
}
