package io.stedi.lakehouse.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a command prints for others to read. Java's own forgets why it could not be written, and a
 * result that is cut off must not end as if it were whole.
 */
final class StandardOutput extends FilterOutputStream {

  private IOException failure;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream out) {
    super(out);
  }

  PrintWriter writer() {
    return new PrintWriter(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Why it could not be written; empty if all was, or if whoever read it has gone. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure).filter(e -> !isReaderGone(e));
  }

  private static boolean isReaderGone(IOException e) {
    return String.valueOf(e.getMessage()).contains("Broken pipe");
  }
}
