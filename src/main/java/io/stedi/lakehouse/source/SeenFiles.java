package io.stedi.lakehouse.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.fs.Path;

/**
 * The files that were taken to be read, for as long as the source lives, also through restarts:
 * what is forgotten would be read twice. A file takes {@value #BYTES} bytes of every checkpoint,
 * whatever the length of its path, and some 150 of the JobManager's heap.
 */
final class SeenFiles {

  /** What a file takes when it is written. */
  static final int BYTES = 4 * Long.BYTES;

  private final Map<Name, Version> files = new HashMap<>();

  /** Stands for a path. Two paths of one name are not to be feared before 10^18 of them. */
  private record Name(long high, long low) {}

  /** What tells that a file was replaced. */
  private record Version(long size, long changed) {}

  /** What is known of a file. */
  enum Known {
    NEW,
    SEEN,
    CHANGED
  }

  /**
   * Compares a file with what was seen under its path.
   *
   * @param size in bytes
   * @param changed when it was changed last, in milliseconds since the epoch
   */
  Known compare(Path path, long size, long changed) {
    Version seen = files.get(name(path));
    if (seen == null) {
      return Known.NEW;
    }
    return seen.equals(new Version(size, changed)) ? Known.SEEN : Known.CHANGED;
  }

  /** Remembers a file, in place of what was seen under its path. */
  void add(Path path, long size, long changed) {
    files.put(name(path), new Version(size, changed));
  }

  int size() {
    return files.size();
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(files.size());
    for (Map.Entry<Name, Version> file : files.entrySet()) {
      out.writeLong(file.getKey().high());
      out.writeLong(file.getKey().low());
      out.writeLong(file.getValue().size());
      out.writeLong(file.getValue().changed());
    }
  }

  static SeenFiles read(DataInput in) throws IOException {
    SeenFiles seen = new SeenFiles();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      seen.files.put(
          new Name(in.readLong(), in.readLong()), new Version(in.readLong(), in.readLong()));
    }
    return seen;
  }

  private static Name name(Path path) {
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256")
                  .digest(path.toString().getBytes(StandardCharsets.UTF_8)));
      return new Name(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
