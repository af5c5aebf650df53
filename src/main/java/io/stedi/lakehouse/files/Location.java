package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * A place that a user names: a path of this machine, or a URI of a file system that Flink has, such
 * as {@code s3://bucket/folder}.
 *
 * @param uri the place, absolute
 */
public record Location(URI uri) {

  private static final String LOCAL = "file";

  /**
   * Reads what a user wrote.
   *
   * @param text a path, relative to the working folder or absolute, or a URI with {@code ://}
   * @throws LakehouseException if it is neither
   */
  public static Location of(String text) {
    if (text.isBlank()) {
      throw LakehouseException.usage("An empty text is no place. Give a path or a URI.");
    }
    try {
      if (!text.matches("[a-zA-Z][a-zA-Z0-9+.-]*://.*")) {
        return of(Path.of(text));
      }
      URI uri = new org.apache.flink.core.fs.Path(text).toUri();
      return uri.getScheme().equals(LOCAL) ? of(Path.of(uri.getPath())) : new Location(uri);
    } catch (InvalidPathException e) {
      throw LakehouseException.usage(
          "'%s' is no path (%s).".formatted(text.replace('\0', '?'), e.getReason()), e);
    } catch (IllegalArgumentException e) {
      throw LakehouseException.usage(
          "'%s' is no place (%s). Give a path, or a URI such as s3://bucket/folder."
              .formatted(text, Causes.summary(e)),
          e);
    }
  }

  /** A path of this machine. */
  public static Location of(Path path) {
    return new Location(path.toAbsolutePath().normalize().toUri());
  }

  /** Whether it is a path of this machine. */
  public boolean isLocal() {
    return uri.getScheme().equals(LOCAL);
  }

  /** The path, if it is {@linkplain #isLocal local}. */
  public Path localPath() {
    return Path.of(uri);
  }

  /** The place as Flink has it. */
  public org.apache.flink.core.fs.Path flinkPath() {
    return new org.apache.flink.core.fs.Path(uri);
  }

  /** A place below this one. */
  public Location resolve(String name) {
    return new Location(new org.apache.flink.core.fs.Path(flinkPath(), name).toUri());
  }

  /** What lies directly in this folder; nothing if there is no such folder. */
  public List<FileStatus> entries() throws IOException {
    FileSystem files = fileSystem();
    FileStatus[] found = files.exists(flinkPath()) ? files.listStatus(flinkPath()) : null;
    return found == null ? List.of() : List.of(found);
  }

  /**
   * Goes through all files below this folder.
   *
   * @param use takes each file with its name relative to this folder
   */
  void forEachFile(BiConsumer<String, FileStatus> use) throws IOException {
    for (FileStatus entry : entries()) {
      String name = entry.getPath().getName();
      if (entry.isDir()) {
        resolve(name).forEachFile((below, file) -> use.accept(name + "/" + below, file));
      } else {
        use.accept(name, entry);
      }
    }
  }

  /** The file system that the place is in. */
  FileSystem fileSystem() throws IOException {
    try {
      return flinkPath().getFileSystem();
    } catch (UnsupportedFileSystemSchemeException e) {
      throw LakehouseException.usage(
          "There is no file system for %s here. Give a local path, or put Flink's plugin for %s:// into its plugins folder."
              .formatted(this, uri.getScheme()),
          e);
    } catch (IllegalArgumentException e) {
      throw Failures.explain("The file system of %s cannot be used".formatted(this), e);
    }
  }

  /**
   * Begins a new file at this place, in a folder that is made if need be.
   *
   * @throws IOException if there is one already, or it cannot be written
   */
  public FSDataOutputStream create() throws IOException {
    return fileSystem().create(flinkPath(), FileSystem.WriteMode.NO_OVERWRITE);
  }

  /**
   * The text in the file at this place.
   *
   * @throws FileNotFoundException if there is none
   * @throws IOException if it cannot be read
   */
  public String readText() throws IOException {
    try (InputStream in = fileSystem().open(flinkPath())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The place as a user would write it. */
  @Override
  public String toString() {
    return isLocal() ? localPath().toString() : uri.toString();
  }
}
