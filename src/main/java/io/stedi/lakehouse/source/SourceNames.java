package io.stedi.lakehouse.source;

import java.io.Serializable;
import java.net.URI;
import org.apache.flink.core.fs.Path;

/** Names files by their path below a root folder, which stays the same when the folder moves. */
final class SourceNames implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String root;

  /**
   * @param root a folder, or null to name files by their full path
   */
  SourceNames(String root) {
    this.root = root;
  }

  /** The file's path relative to the root, or in full if it is not below it. */
  String nameOf(Path file) {
    if (root == null) {
      return file.toString();
    }
    URI folder = new Path(root).toUri();
    URI uri = file.toUri();
    String prefix = folder.getPath().endsWith("/") ? folder.getPath() : folder.getPath() + "/";
    boolean below =
        uri.getPath().startsWith(prefix)
            && agree(folder.getScheme(), uri.getScheme())
            && agree(folder.getAuthority(), uri.getAuthority());
    return below ? uri.getPath().substring(prefix.length()) : file.toString();
  }

  /** A root without scheme or bucket means the default ones, which files are listed with. */
  private static boolean agree(String expected, String actual) {
    return expected == null || actual == null || expected.equalsIgnoreCase(actual);
  }
}
