package io.stedi.lakehouse.files;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * An output on a file system that renames no folder in one step, such as S3. The files are written
 * into a folder of the run, and the {@link Manifest}, written last, says which folder counts;
 * {@link RawInput} follows it, and refuses an output without one. Files are as large as their
 * writers made them.
 */
final class ManifestOutput implements Output {

  /** Starts the name of a run's folder, which cannot be hidden: Flink would not read it. */
  static final String RUN = "stedi-run-";

  private final Location target;
  private final FileSystem files;
  private final String folder = RUN + UUID.randomUUID();
  private final Optional<Manifest> former;
  private boolean published;

  private ManifestOutput(Location target, FileSystem files, Optional<Manifest> former) {
    this.target = target;
    this.files = files;
    this.former = requireNonNull(former);
  }

  static ManifestOutput begin(Location target, boolean overwrite) {
    try {
      FileSystem files = target.fileSystem();
      Optional<Manifest> former = Manifest.read(target);
      if (former.isPresent() && !overwrite) {
        throw LakehouseException.usage(
            "The output %s exists already. Give another folder, or --overwrite to replace it."
                .formatted(target));
      }
      FileStatus[] found =
          files.exists(target.flinkPath()) ? files.listStatus(target.flinkPath()) : null;
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        String name = status.getPath().getName();
        if (!name.equals(Manifest.NAME) && !name.startsWith(RUN)) {
          throw LakehouseException.usage(
              "The output %s holds %s, which prepare did not write. Give another folder."
                  .formatted(target, name));
        }
      }
      return new ManifestOutput(target, files, former);
    } catch (IOException e) {
      throw LakehouseException.system("Cannot write the output %s (%s).".formatted(target, e), e);
    }
  }

  @Override
  public URI partial() {
    return folder(folder).toUri();
  }

  @Override
  public long publish() {
    try {
      TreeSet<String> written = new TreeSet<>();
      long bytes = list(folder(folder), "", written);
      new Manifest(folder, written).write(target);
      published = true;
      if (former.isPresent() && former.get().folder().startsWith(RUN)) {
        files.delete(folder(former.get().folder()), true);
      }
      return bytes;
    } catch (IOException e) {
      throw LakehouseException.system("Cannot finish the output %s (%s).".formatted(target, e), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!published) {
      files.delete(folder(folder), true);
    }
  }

  private long list(Path at, String relative, TreeSet<String> written) throws IOException {
    long bytes = 0;
    FileStatus[] found = files.exists(at) ? files.listStatus(at) : null;
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      String name = relative + status.getPath().getName();
      if (status.isDir()) {
        bytes += list(status.getPath(), name + "/", written);
      } else {
        written.add(name);
        bytes += status.getLen();
      }
    }
    return bytes;
  }

  private Path folder(String name) {
    return new Path(target.flinkPath(), name);
  }
}
