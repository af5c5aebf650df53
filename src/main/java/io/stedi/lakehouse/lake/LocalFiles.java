package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local files, by which Iceberg writes tables of this machine, with permissions set by
 * Java. Without a native library, which nobody has here, Hadoop starts the command {@code chmod}
 * for each file that it makes and once more for the file of its checksum: two hundred processes in
 * a small run.
 *
 * <p>Public because Hadoop makes it, by its name.
 */
public final class LocalFiles extends LocalFileSystem {

  /** For Hadoop. */
  public LocalFiles() {
    super(new Permitting());
  }

  private static final class Permitting extends RawLocalFileSystem {

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      Files.setPosixFilePermissions(
          pathToFile(path).toPath(), PosixFilePermissions.fromString(permission.toString()));
    }
  }
}
