package io.stedi.lakehouse.lake;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second run from writing to a local lake. The operating system holds the lock, so it is
 * gone with its process, however that ended. Readers need none.
 */
public final class LakeLock implements AutoCloseable {

  private final FileChannel channel;

  private LakeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of the lake in {@code folder}, which is created if need be.
   *
   * @throws LakehouseException if another run holds it, or the folder cannot be written
   */
  public static LakeLock take(Path folder) {
    Path file = folder.resolve("run.lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw LakehouseException.usage(
            "Another run is writing to the lake %s. Wait for it to end or stop it, or use another folder with --lake."
                .formatted(folder));
      }
      return new LakeLock(channel);
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write to the lake folder %s (%s). Make it writable, or use another with --lake."
              .formatted(folder, e),
          e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by another run within this very process.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
