package io.stedi.lakehouse.cli;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.FolderLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for what Flink needs no longer than a process lives: what is sorted or handed on and
 * does not fit into memory, which is several times the input, and the working files of RocksDB. A
 * process that is killed leaves it behind; the next deletes it.
 *
 * <p>Whether a process lives is told by a lock that the operating system holds for it, and not by
 * its number, which says nothing of another container that shares the place.
 */
final class TemporaryFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);

  private static final String PREFIX = "stedi-";
  private static final String LOCK = "stedi.lock";

  /** What unpacked libraries take; how much a run needs, its input decides. */
  private static final long LEAST_BYTES = 64L << 20;

  private final Path folder;
  private final FolderLock lock;

  private TemporaryFolder(Path folder, FolderLock lock) {
    this.folder = requireNonNull(folder, "folder");
    this.lock = requireNonNull(lock, "lock");
  }

  /**
   * Makes one, which nobody else can read, and deletes those that killed processes of the same user
   * left beside it.
   *
   * @throws LakehouseException if it cannot be made
   */
  static TemporaryFolder in(Path parent) {
    try {
      String own = PREFIX + ProcessHandle.current().pid() + "-";
      clear(parent, own);
      // Locked before it has the name by which others find it.
      Path unnamed = Files.createTempDirectory(parent, "." + own);
      FolderLock lock = FolderLock.take(unnamed.resolve(LOCK)).orElseThrow();
      requireUsable(unnamed);
      Path named = unnamed.resolveSibling(unnamed.getFileName().toString().substring(1));
      Files.move(unnamed, named, StandardCopyOption.ATOMIC_MOVE);
      return new TemporaryFolder(named, lock);
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot make a folder for temporary files in %s (%s). Make it writable, or name another with STEDI_JAVA_OPTS=-Djava.io.tmpdir=FOLDER."
              .formatted(parent, e),
          e);
    }
  }

  /** Libraries are unpacked into it and loaded from there, and what does not fit into memory. */
  private static void requireUsable(Path folder) throws IOException {
    Path probe =
        Files.createTempFile(
            folder,
            "probe",
            ".so",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    boolean executable = Files.isExecutable(probe);
    Files.delete(probe);
    long space = Files.getFileStore(folder).getUsableSpace();
    if (executable && space >= LEAST_BYTES) {
      return;
    }
    FileUtils.deleteDirectoryQuietly(folder.toFile());
    throw LakehouseException.system(
        "The folder for temporary files %s %s. Name another with STEDI_JAVA_OPTS=-Djava.io.tmpdir=FOLDER."
            .formatted(
                folder.getParent(),
                executable
                    ? "has only %,d bytes left".formatted(space)
                    : "lets nothing be executed (it is mounted noexec), and libraries are loaded from it"),
        null);
  }

  /**
   * @param own what the names of this process's folders begin with: to open a lock file and close
   *     it again gives up the lock that the process has
   */
  private static void clear(Path parent, String own) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : all) {
        if (!folder.getFileName().toString().startsWith(own)) {
          deleteIfLeft(folder);
        }
      }
    }
  }

  private static void deleteIfLeft(Path folder) {
    Path file = folder.resolve(LOCK);
    // To open a pipe would wait for whoever writes to it, maybe for ever.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(file)) {
      // Of another user, or of another program.
      return;
    }
    try (FolderLock held = FolderLock.take(file).orElse(null)) {
      if (held != null) {
        LOG.info("deleting {}, which a process left that was killed", folder);
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone", folder);
    } catch (IOException e) {
      // It takes room, and the next process tries again.
      LOG.warn("cannot delete {}", folder, e);
    }
  }

  Path path() {
    return folder;
  }

  /** Deletes it. */
  @Override
  public void close() {
    FileUtils.deleteDirectoryQuietly(folder.toFile());
    IOUtils.closeQuietly(lock);
  }
}
