package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.RecordKind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * An output on this machine. Everything is written into a hidden folder beside it, which is renamed
 * when it is complete; the operating system does that in one step. The hidden folder is locked
 * while it is written to, so that what a killed run left can be told from another run's.
 */
final class RenamedOutput implements Output {

  private static final String LOCK = ".lock";

  private final Path target;
  private final Path partial;
  private final long fileBytes;
  private final FolderLock lock;
  private boolean published;

  private RenamedOutput(Path target, Path partial, long fileBytes, FolderLock lock) {
    this.target = target;
    this.partial = partial;
    this.fileBytes = fileBytes;
    this.lock = lock;
  }

  /**
   * Starts a folder.
   *
   * @param overwrite whether a former output of the name may be replaced
   * @param fileBytes the most bytes of one file, as far as whole lines allow
   * @throws LakehouseException if the folder exists and may not be replaced, cannot be written, or
   *     another run is writing it
   */
  static RenamedOutput begin(Path target, boolean overwrite, long fileBytes) {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw LakehouseException.usage("The output %s cannot be replaced.".formatted(absolute));
    }
    if (Files.exists(absolute) && !overwrite) {
      throw LakehouseException.usage(
          "The output %s exists already. Give another folder, or --overwrite to replace it."
              .formatted(absolute));
    }
    requireOwn(absolute);
    Path partial = absolute.resolveSibling("." + absolute.getFileName() + ".partial");
    try {
      PrivateFolder.ensure(partial);
      requireOwnSibling(absolute, partial);
      FolderLock lock =
          FolderLock.take(partial.resolve(LOCK))
              .orElseThrow(
                  () ->
                      LakehouseException.usage(
                          "Another run is writing the output %s. Wait for it to end, or give another folder."
                              .formatted(absolute)));
      RenamedOutput folder = new RenamedOutput(absolute, partial, fileBytes, lock);
      folder.deleteContent();
      return folder;
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write the output %s (%s). Make its parent folder writable, or give another."
              .formatted(absolute, e),
          e);
    }
  }

  /**
   * Refuses a folder whose name anybody can guess, and which somebody else has made: they would
   * read what is written, or have the folder emptied that a link of theirs leads to.
   */
  private static void requireOwnSibling(Path target, Path sibling) throws IOException {
    if (!PrivateFolder.isOwn(sibling)) {
      throw LakehouseException.usage(
          "The output %s is written by way of %s, which is a link or another user's. Have it deleted, or give another folder."
              .formatted(target, sibling));
    }
  }

  /** Refuses to replace a folder that holds anything but what this program wrote there. */
  private static void requireOwn(Path target) {
    if (!Files.exists(target)) {
      return;
    }
    try {
      Set<String> own =
          new HashSet<>(Manifest.read(Location.of(target)).map(Manifest::files).orElseGet(Set::of));
      own.add(Manifest.NAME);
      try (Stream<Path> tree = Files.walk(target)) {
        Optional<Path> foreign =
            tree.filter(path -> !Files.isDirectory(path) || Files.isSymbolicLink(path))
                .filter(path -> !own.contains(target.relativize(path).toString()))
                .findFirst();
        if (foreign.isPresent()) {
          throw LakehouseException.usage(
              "The output %s holds %s, which prepare did not write, and is not replaced. Give another folder, or delete it yourself."
                  .formatted(target, target.relativize(foreign.get())));
        }
      }
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot read the output %s that is to be replaced (%s).".formatted(target, e), e);
    }
  }

  @Override
  public URI partial() {
    return partial.toUri();
  }

  /** {@inheritDoc} Files are named after their kind, and those that are too large are split. */
  @Override
  public long publish() {
    try {
      for (RecordKind kind : RecordKind.values()) {
        Path folder = Files.createDirectories(partial.resolve(kind.tableName()).resolve("landing"));
        List<Path> parts;
        try (Stream<Path> files = Files.list(folder)) {
          parts = files.filter(Files::isRegularFile).sorted().toList();
        }
        int number = 0;
        for (Path part : parts) {
          number = place(part, kind, number);
        }
      }
      long bytes = 0;
      Set<String> written = new TreeSet<>();
      try (Stream<Path> tree = Files.walk(partial)) {
        for (Path file : tree.filter(Files::isRegularFile).toList()) {
          if (!file.endsWith(LOCK)) {
            written.add(partial.relativize(file).toString());
            bytes += Files.size(file);
          }
        }
      }
      new Manifest("", written).write(Location.of(partial));
      Files.delete(partial.resolve(LOCK));
      Path former = target.resolveSibling("." + target.getFileName() + ".former");
      if (Files.exists(former, LinkOption.NOFOLLOW_LINKS)) {
        requireOwnSibling(target, former);
        requireOwn(former);
        FileUtils.deleteFileOrDirectory(former.toFile());
      }
      if (Files.exists(target)) {
        Files.move(target, former, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      published = true;
      FileUtils.deleteFileOrDirectory(former.toFile());
      return bytes;
    } catch (IOException e) {
      throw LakehouseException.system("Cannot finish the output %s (%s).".formatted(target, e), e);
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      if (!published) {
        FileUtils.deleteFileOrDirectory(partial.toFile());
      }
    }
  }

  private int place(Path part, RecordKind kind, int number) throws IOException {
    int next = number;
    if (Files.size(part) <= fileBytes) {
      Files.move(part, file(part, kind, next++));
      return next;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(part), 1 << 16)) {
      int read = in.read();
      while (read >= 0) {
        try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(file(part, kind, next++)), 1 << 16)) {
          long written = 0;
          int last = -1;
          // A line that is begun is ended, so a file is over the limit by less than one line.
          while (read >= 0 && (written < fileBytes || last != '\n')) {
            out.write(read);
            written++;
            last = read;
            read = in.read();
          }
        }
      }
    }
    Files.delete(part);
    return next;
  }

  private static Path file(Path part, RecordKind kind, int number) {
    return part.resolveSibling("%s-%04d.json".formatted(kind.tableName(), number));
  }

  private void deleteContent() throws IOException {
    try (Stream<Path> entries = Files.list(partial)) {
      for (Path entry : entries.filter(path -> !path.endsWith(LOCK)).toList()) {
        FileUtils.deleteFileOrDirectory(entry.toFile());
      }
    }
  }
}
