package io.stedi.lakehouse.scan;

import java.io.IOException;

/**
 * The compressed data is damaged, while reading it worked: a fault of the file, not of the disk.
 */
final class CorruptCompressionException extends IOException {

  private static final long serialVersionUID = 1L;

  CorruptCompressionException(String message) {
    super(message);
  }

  CorruptCompressionException(String message, Throwable cause) {
    super(message, cause);
  }
}
