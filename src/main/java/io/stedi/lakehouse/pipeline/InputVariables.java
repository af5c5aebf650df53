package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.input.RecordKind;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/** What the {@code ${input...}} variables of the raw sources stand for. */
final class InputVariables {

  private InputVariables() {}

  static Map<String, String> of(URI root) {
    // Flink takes a path as it is written: decoded, and without the slash that Java puts at its
    // end.
    String path = root.getPath().replaceFirst("(?<=[^/])/+$", "");
    String authority = root.getAuthority() == null ? "" : root.getAuthority();
    Map<String, String> variables = new TreeMap<>();
    variables.put("input.root", root.getScheme() + "://" + authority + path);
    for (RecordKind kind : RecordKind.values()) {
      variables.put("input.pattern." + kind.tableName(), kind.pathPattern(path));
    }
    return variables;
  }
}
