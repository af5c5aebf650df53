package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.RecordKind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of raw files in the making. Everything is written into a hidden folder beside it, which
 * is renamed when it is complete; the operating system does that in one step. The hidden folder is
 * locked while it is written to, so that what a killed run left can be told from another run's.
 */
public final class OutputFolder implements AutoCloseable {

  /** Where one file ends and the next begins, at the end of a line: 512 MiB. */
  public static final long DEFAULT_FILE_BYTES = 512L << 20;

  private static final String LOCK = ".lock";

  private final Path target;
  private final Path partial;
  private final long fileBytes;
  private final FileChannel lock;
  private boolean published;

  private OutputFolder(Path target, Path partial, long fileBytes, FileChannel lock) {
    this.target = target;
    this.partial = partial;
    this.fileBytes = fileBytes;
    this.lock = lock;
  }

  /**
   * Starts a folder.
   *
   * @param overwrite whether an existing folder of the name may be replaced
   * @param fileBytes the most bytes of one file, as far as whole lines allow
   * @throws LakehouseException if the folder exists and may not be replaced, cannot be written, or
   *     another run is writing it
   */
  public static OutputFolder begin(Path target, boolean overwrite, long fileBytes) {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw LakehouseException.usage("The output %s cannot be replaced.".formatted(absolute));
    }
    if (Files.exists(absolute) && !overwrite) {
      throw LakehouseException.usage(
          "The output %s exists already. Give another folder, or --overwrite to replace it."
              .formatted(absolute));
    }
    Path partial = absolute.resolveSibling("." + absolute.getFileName() + ".partial");
    try {
      Files.createDirectories(partial);
      FileChannel lock =
          FileChannel.open(
              partial.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(lock)) {
        lock.close();
        throw LakehouseException.usage(
            "Another run is writing the output %s. Wait for it to end, or give another folder."
                .formatted(absolute));
      }
      OutputFolder folder = new OutputFolder(absolute, partial, fileBytes, lock);
      folder.deleteContent();
      return folder;
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write the output %s (%s). Make its parent folder writable, or give another."
              .formatted(absolute, e),
          e);
    }
  }

  /** The folder to write into: one folder a kind of record, {@code customer/landing} and so on. */
  public URI partial() {
    return partial.toUri();
  }

  /**
   * Names the files after their kind, splits those that are too large, and makes the folder appear.
   *
   * @throws LakehouseException if that fails; the folder is then as it was
   */
  public void publish() {
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
      Files.delete(partial.resolve(LOCK));
      Path former = target.resolveSibling("." + target.getFileName() + ".former");
      delete(former);
      if (Files.exists(target)) {
        Files.move(target, former, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      published = true;
      delete(former);
    } catch (IOException e) {
      throw LakehouseException.system("Cannot finish the output %s (%s).".formatted(target, e), e);
    }
  }

  /** Deletes what was written if it was not published. */
  @Override
  public void close() throws IOException {
    try (lock) {
      if (!published) {
        delete(partial);
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
        delete(entry);
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Held by another run within this very process.
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
