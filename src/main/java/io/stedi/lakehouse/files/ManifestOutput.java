package io.stedi.lakehouse.files;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.core.fs.FileStatus;

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
  private final String folder = RUN + UUID.randomUUID();
  private final Optional<Manifest> former;
  private boolean published;

  private ManifestOutput(Location target, Optional<Manifest> former) {
    this.target = target;
    this.former = requireNonNull(former);
  }

  static ManifestOutput begin(Location target, boolean overwrite) {
    try {
      Optional<Manifest> former = Manifest.read(target);
      if (former.isPresent() && !overwrite) {
        throw LakehouseException.usage(
            "The output %s exists already. Give another folder, or --overwrite to replace it."
                .formatted(target));
      }
      for (FileStatus entry : target.entries()) {
        String name = entry.getPath().getName();
        if (!name.equals(Manifest.NAME) && !name.startsWith(RUN)) {
          throw LakehouseException.usage(
              "The output %s holds %s, which prepare did not write. Give another folder."
                  .formatted(target, name));
        }
      }
      return new ManifestOutput(target, former);
    } catch (IOException e) {
      throw LakehouseException.system("Cannot write the output %s (%s).".formatted(target, e), e);
    }
  }

  @Override
  public URI partial() {
    return target.resolve(folder).uri();
  }

  @Override
  public long publish() {
    try {
      Set<String> written = new TreeSet<>();
      LongAdder bytes = new LongAdder();
      target
          .resolve(folder)
          .forEachFile(
              (name, file) -> {
                written.add(name);
                bytes.add(file.getLen());
              });
      new Manifest(folder, written).write(target);
      published = true;
      if (former.isPresent() && former.get().folder().startsWith(RUN)) {
        delete(former.get().folder());
      }
      return bytes.sum();
    } catch (IOException e) {
      throw LakehouseException.system("Cannot finish the output %s (%s).".formatted(target, e), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!published) {
      delete(folder);
    }
  }

  private void delete(String name) throws IOException {
    target.fileSystem().delete(target.resolve(name).flinkPath(), true);
  }
}
