package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.records.RecordKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes one file, fragment by fragment, and keeps the account of it. */
final class RawFileWriter implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final RecordKind kind;
  private final String path;
  private final Path file;
  private final Tally tally;
  private final OutputStream out;
  private long offset;

  RawFileWriter(RecordKind kind, Path root, String path, Tally tally) throws IOException {
    this.kind = kind;
    this.path = path;
    this.file = root.resolve(path);
    this.tally = tally;
    Files.createDirectories(file.getParent());
    OutputStream bytes = Files.newOutputStream(file);
    this.out =
        new BufferedOutputStream(
            path.endsWith(".gz") ? new GZIPOutputStream(bytes, BUFFER_BYTES) : bytes, BUFFER_BYTES);
    tally.file(kind, path);
  }

  /** How many bytes were written, before compression. */
  long offset() {
    return offset;
  }

  /** Writes a valid record. */
  void record(byte[] json, JsonRecord meant) throws IOException {
    tally.record(kind, path, offset, json.length, meant);
    put(json);
  }

  /** Writes what is no record. Blanks and commas at its end separate and are not part of it. */
  void reject(byte[] bytes) throws IOException {
    int length = bytes.length;
    while (bytes[length - 1] == ' ' || bytes[length - 1] == ',') {
      length--;
    }
    tally.reject(kind, path, offset, length);
    put(bytes);
  }

  /** Writes blanks, newlines or commas. */
  void separate(String separator) throws IOException {
    put(separator.getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    out.close();
    tally.written(Files.size(file));
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    offset += bytes.length;
  }
}
