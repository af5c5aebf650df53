package io.stedi.lakehouse.files;

import java.net.URI;

/** Stands for an output where none is wanted. */
record NoOutput() implements Output {

  @Override
  public URI partial() {
    return null;
  }

  @Override
  public long publish() {
    return 0;
  }

  @Override
  public void close() {
    // Nothing was written.
  }
}
