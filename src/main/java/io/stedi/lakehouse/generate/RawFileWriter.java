package io.stedi.lakehouse.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.records.RecordKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.core.fs.FSDataOutputStream;

/** Writes one file, fragment by fragment, and keeps the account of it. */
final class RawFileWriter implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final RecordKind kind;
  private final String path;
  private final Tally tally;
  private final FSDataOutputStream bytes;
  private final GZIPOutputStream gzip;
  private final OutputStream out;
  private long offset;

  RawFileWriter(RecordKind kind, Location root, String path, Tally tally) throws IOException {
    this.kind = kind;
    this.path = path;
    this.tally = tally;
    this.bytes = root.resolve(path).create();
    this.gzip = path.endsWith(".gz") ? new GZIPOutputStream(bytes, BUFFER_BYTES) : null;
    this.out = new BufferedOutputStream(gzip == null ? bytes : gzip, BUFFER_BYTES);
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
    try (out) {
      out.flush();
      if (gzip != null) {
        gzip.finish();
      }
      tally.written(bytes.getPos());
    }
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    offset += bytes.length;
  }
}
