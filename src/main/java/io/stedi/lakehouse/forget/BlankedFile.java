package io.stedi.lakehouse.forget;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.forget.ForgottenRecords.Range;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.io.FileIO;

/**
 * Overwrites records in a raw file with blanks, which separate records: every other record keeps
 * its place. The whole file is written aside and takes the place of the former one at once.
 */
public final class BlankedFile {

  private static final int GZIP_MAGIC_1 = 0x1f;
  private static final int GZIP_MAGIC_2 = 0x8b;
  private static final int BUFFER_BYTES = 1 << 16;

  private BlankedFile() {}

  /**
   * Overwrites records.
   *
   * @param file on this machine, or on an object store, where a put replaces an object at once
   * @param ranges in the decompressed file, in their order
   * @param io writes to the object store
   * @throws LakehouseException if it is a link, whose target may be another's
   * @throws IOException if it cannot be read or written; the file is then as it was
   */
  public static void write(Location file, List<Range> ranges, FileIO io) throws IOException {
    if (!file.isLocal()) {
      String place = file.uri().toString();
      try (InputStream in = io.newInputFile(place).newStream();
          OutputStream out = io.newOutputFile(place).createOrOverwrite()) {
        blank(in, out, ranges);
      }
      return;
    }
    Path path = file.localPath();
    if (Files.isSymbolicLink(path)) {
      throw LakehouseException.usage(
          "The raw file %s is a link. Name the folder of the file that it leads to with --input."
              .formatted(path));
    }
    // Not of a kind that is read, and with a name that no pattern takes.
    Path aside = Files.createTempFile(path.getParent(), ".", ".blanked");
    try {
      try (InputStream in = Files.newInputStream(path);
          OutputStream out = Files.newOutputStream(aside)) {
        blank(in, out, ranges);
      }
      PosixFileAttributeView rights =
          Files.getFileAttributeView(aside, PosixFileAttributeView.class);
      if (rights != null) {
        rights.setPermissions(Files.getPosixFilePermissions(path));
      }
      Files.setLastModifiedTime(aside, Files.getLastModifiedTime(path));
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  static void blank(InputStream in, OutputStream out, List<Range> ranges) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    buffered.mark(2);
    boolean compressed = buffered.read() == GZIP_MAGIC_1 && buffered.read() == GZIP_MAGIC_2;
    buffered.reset();
    if (compressed) {
      GZIPOutputStream zipped = new GZIPOutputStream(out);
      copy(new GZIPInputStream(buffered), zipped, ranges);
      zipped.finish();
    } else {
      copy(buffered, out, ranges);
    }
  }

  private static void copy(InputStream in, OutputStream out, List<Range> ranges)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    Iterator<Range> left = ranges.iterator();
    Range range = left.hasNext() ? left.next() : null;
    long position = 0;
    int read;
    while ((read = in.read(buffer)) >= 0) {
      long end = position + read;
      while (range != null && range.offset() < end) {
        int from = (int) Math.max(0, range.offset() - position);
        int to = (int) Math.min(read, range.end() - position);
        if (from < to) {
          Arrays.fill(buffer, from, to, (byte) ' ');
        }
        if (range.end() > end) {
          break;
        }
        range = left.hasNext() ? left.next() : null;
      }
      out.write(buffer, 0, read);
      position = end;
    }
  }
}
