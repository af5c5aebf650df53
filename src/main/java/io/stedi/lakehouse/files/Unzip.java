package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Unpacks a zip file that nobody vouches for. */
final class Unzip {

  /** Left free on the disk, for the tables to be written. */
  private static final long DISK_RESERVE_BYTES = 1L << 30;

  private final Path zip;
  private final ZipLimits limits;
  private final Set<Path> written = new HashSet<>();
  private long totalBytes;

  private Unzip(Path zip, ZipLimits limits) {
    this.zip = zip;
    this.limits = limits;
  }

  /**
   * Unpacks all files of a zip file into a folder, which exists. What was written before a failure
   * is left for the caller to delete.
   *
   * @throws LakehouseException if the file is damaged, an entry would be written outside of the
   *     folder or twice, or a limit is exceeded
   */
  static void into(Path folder, Path zip, ZipLimits limits) {
    new Unzip(zip, limits).unpack(folder);
  }

  private void unpack(Path folder) {
    try (ZipFile file = open()) {
      if (file.size() > limits.maxEntries()) {
        throw refused(
            "it has %,d entries, more than %,d".formatted(file.size(), limits.maxEntries()));
      }
      for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        Path target = target(folder, entry);
        if (!isDirectory(entry)) {
          unpack(file, entry, target, folder);
        }
      }
    } catch (ZipException | EOFException e) {
      throw isEncrypted(e)
          ? refused("it is encrypted, and no password can be given here")
          : damaged(e.getMessage(), e);
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot unpack %s into %s (%s).".formatted(zip, folder, e), e);
    }
  }

  /**
   * Names that are not in UTF-8, as old programs write them, are read byte by byte: which kind of
   * records a file holds is told in ASCII.
   */
  private ZipFile open() throws IOException {
    try {
      return new ZipFile(zip.toFile());
    } catch (ZipException e) {
      if (isEncrypted(e)) {
        throw e;
      }
      try {
        return new ZipFile(zip.toFile(), StandardCharsets.ISO_8859_1);
      } catch (ZipException second) {
        throw e;
      }
    }
  }

  /** Java tells it by its message alone. */
  private static boolean isEncrypted(IOException e) {
    return String.valueOf(e.getMessage()).contains("encrypted");
  }

  /** An entry's name with slashes, also where Windows has written the other ones. */
  private static String name(ZipEntry entry) {
    return entry.getName().replace('\\', '/');
  }

  private static boolean isDirectory(ZipEntry entry) {
    return name(entry).endsWith("/");
  }

  private Path target(Path folder, ZipEntry entry) {
    String name = name(entry);
    Path target;
    try {
      target = folder.resolve(name.startsWith("/") ? name.substring(1) : name).normalize();
    } catch (InvalidPathException e) {
      throw refused("its entry '%s' has no usable name".formatted(name.replace('\0', '?')));
    }
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*") || !target.startsWith(folder)) {
      throw refused("its entry '%s' would be written outside of the folder".formatted(name));
    }
    if (!isDirectory(entry) && !written.add(target)) {
      throw refused("its entry '%s' occurs twice".formatted(name));
    }
    return target;
  }

  private void unpack(ZipFile file, ZipEntry entry, Path target, Path folder) throws IOException {
    try {
      Files.createDirectories(target.getParent());
    } catch (FileAlreadyExistsException e) {
      throw refused(
          "its entry '%s' lies in a folder that is a file, too".formatted(entry.getName()));
    }
    if (Files.isDirectory(target)) {
      throw refused("its entry '%s' is both a file and a folder".formatted(entry.getName()));
    }
    long usable = Files.getFileStore(folder).getUsableSpace() - DISK_RESERVE_BYTES;
    byte[] buffer = new byte[64 * 1024];
    long bytes = 0;
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(file.getInputStream(entry), crc);
        OutputStream out = Files.newOutputStream(target)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
        totalBytes += read;
        // The sizes that the zip file states prove nothing; what comes out is counted.
        if (bytes > limits.ratioFreeBytes()
            && bytes / Math.max(1, entry.getCompressedSize()) > limits.maxRatio()) {
          throw refused(
              "its entry '%s' unpacks to more than %d times its size, as a zip bomb does"
                  .formatted(entry.getName(), limits.maxRatio()));
        }
        if (totalBytes > limits.maxBytes()) {
          throw refused("it unpacks to more than %,d bytes".formatted(limits.maxBytes()));
        }
        if (bytes > usable) {
          throw LakehouseException.system(
              "Cannot unpack %s: the disk of %s is full. Free some space, or unpack it elsewhere and give the folder as --input."
                  .formatted(zip, folder),
              null);
        }
        out.write(buffer, 0, read);
      }
    }
    // Java's ZipFile leaves this to its users.
    if (crc.getValue() != entry.getCrc()) {
      throw damaged("the checksum of its entry '%s' is wrong".formatted(entry.getName()), null);
    }
  }

  private LakehouseException damaged(String how, IOException cause) {
    return LakehouseException.data(
        "The zip file %s is damaged (%s). Copy or download it again.".formatted(zip, how), cause);
  }

  private LakehouseException refused(String why) {
    return LakehouseException.data(
        "The zip file %s is refused: %s. Unpack it yourself if you trust it, and give the folder as --input."
            .formatted(zip, why));
  }
}
