package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.FileFormat;
import io.stedi.lakehouse.scan.GunzipInputStream;
import io.stedi.lakehouse.scan.RawScanner;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Locale;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** An open raw file: its decompressed bytes from some position on. */
final class RawFile implements Closeable {

  private final InputStream decompressed;

  private RawFile(InputStream decompressed) {
    this.decompressed = decompressed;
  }

  /**
   * Opens a file. One that is compressed with gzip is decompressed, whatever its name.
   *
   * @param size the file's size when it was listed, in bytes
   * @param position how many decompressed bytes to leave out
   * @throws IOException if the file cannot be read or has not that many bytes, as when it was
   *     replaced while a job was down
   */
  static RawFile open(Path path, long size, long position) throws IOException {
    FileSystem fileSystem = path.getFileSystem();
    FSDataInputStream raw;
    try {
      raw = fileSystem.open(path);
    } catch (FileNotFoundException e) {
      // Flink's file system for S3 takes an empty object for a folder and does not open it.
      if (size == 0) {
        return new RawFile(InputStream.nullInputStream());
      }
      throw e;
    }
    try {
      byte[] head = raw.readNBytes(FileFormat.HEAD_BYTES);
      if (isGzip(path, head)) {
        InputStream decompressed = new GunzipInputStream(new FaultsKeptApart(behind(head, raw)));
        skip(decompressed, position);
        return new RawFile(decompressed);
      }
      if (position > 0) {
        if (fileSystem.getFileStatus(path).getLen() < position) {
          throw new IOException("The file is shorter than it was when reading it began");
        }
        raw.seek(position);
        return new RawFile(raw);
      }
      return new RawFile(behind(head, raw));
    } catch (IOException | RuntimeException e) {
      try {
        raw.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  InputStream bytes() {
    return decompressed;
  }

  @Override
  public void close() throws IOException {
    decompressed.close();
  }

  /**
   * Whether a file can be read from its beginning only, as it is compressed or in a format that is
   * not read at all.
   *
   * @throws IOException if it cannot be read
   */
  static boolean isReadInOnePiece(FileSystem fileSystem, Path path) throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      byte[] head = in.readNBytes(FileFormat.HEAD_BYTES);
      return isGzip(path, head) || FileFormat.of(head, 0, head.length) != null;
    }
  }

  /** By its first bytes; by its name only where these tell nothing, as when they are damaged. */
  private static boolean isGzip(Path path, byte[] head) {
    FileFormat format = FileFormat.of(head, 0, head.length);
    if (format != null || head.length == 0) {
      return format == FileFormat.GZIP;
    }
    String name = path.getName().toLowerCase(Locale.ROOT);
    return (name.endsWith(".gz") || name.endsWith(".gzip")) && !isText(head);
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b >= 0 && b < ' ' && !RawScanner.isWhitespace(b)) {
        return false;
      }
    }
    return true;
  }

  private static InputStream behind(byte[] head, InputStream rest) {
    return new SequenceInputStream(new ByteArrayInputStream(head), rest);
  }

  private static void skip(InputStream in, long count) throws IOException {
    byte[] ignored = new byte[1 << 16];
    long left = count;
    while (left > 0) {
      int read = in.read(ignored, 0, (int) Math.min(left, ignored.length));
      if (read < 0) {
        throw new IOException("The file is shorter than it was when reading it began");
      }
      left -= read;
    }
  }

  /** A file system's own EOFException is a failed read, not a gzip stream that ends early. */
  private static final class FaultsKeptApart extends FilterInputStream {

    FaultsKeptApart(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return in.read(target, offset, length);
      } catch (IOException e) {
        throw new IOException("Reading the compressed file failed: " + e.getMessage(), e);
      }
    }
  }
}
