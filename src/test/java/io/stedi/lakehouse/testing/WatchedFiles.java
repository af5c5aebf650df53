package io.stedi.lakehouse.testing;

import java.io.IOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Local files of a lake's tables, of which a test is told when one is opened, and when one that was
 * written is closed. Named to a catalog as its {@code io-impl}.
 */
public final class WatchedFiles extends HadoopFileIO {

  private static final long serialVersionUID = 1L;

  private static final Watcher NOBODY = new Watcher() {};

  private static volatile Watcher watcher = NOBODY;

  /** Called by the thread that reads or writes, which waits for its return. */
  public interface Watcher {

    /** A file is opened for reading. */
    default void read(String location) {}

    /** A file is opened for writing. */
    default void opened(String location) {}

    /** A file that was written is closed. */
    default void closed(String location) {}
  }

  /** Tells this one from now on, and no other. */
  public static void watch(Watcher next) {
    watcher = next;
  }

  public static void watchNoMore() {
    watcher = NOBODY;
  }

  @Override
  public InputFile newInputFile(String location) {
    watcher.read(location);
    return super.newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    watcher.read(location);
    return super.newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Watched(super.newOutputFile(location));
  }

  private record Watched(OutputFile file) implements OutputFile {

    @Override
    public PositionOutputStream create() {
      watcher.opened(location());
      return new Stream(file.create(), location());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      watcher.opened(location());
      return new Stream(file.createOrOverwrite(), location());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }

  private static final class Stream extends PositionOutputStream {

    private final PositionOutputStream stream;
    private final String location;

    Stream(PositionOutputStream stream, String location) {
      this.stream = stream;
      this.location = location;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      stream.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() throws IOException {
      stream.close();
      watcher.closed(location);
    }
  }
}
