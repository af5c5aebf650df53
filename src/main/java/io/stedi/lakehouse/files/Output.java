package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.net.URI;

/**
 * A folder of raw files in the making: complete or absent for whoever looks, and never written over
 * what this program did not write.
 */
public sealed interface Output extends AutoCloseable
    permits RenamedOutput, ManifestOutput, NoOutput {

  /** Where one local file ends and the next begins, at the end of a line: 512 MiB. */
  long DEFAULT_FILE_BYTES = 512L << 20;

  /**
   * Starts an output.
   *
   * @param target the folder; null if nothing is to be written
   * @param overwrite whether a former output may be replaced
   * @throws LakehouseException if there is something that may not be replaced, it cannot be
   *     written, or another run is writing it
   */
  static Output begin(Location target, boolean overwrite) {
    if (target == null) {
      return new NoOutput();
    }
    return target.isLocal()
        ? RenamedOutput.begin(target.localPath(), overwrite, DEFAULT_FILE_BYTES)
        : ManifestOutput.begin(target, overwrite);
  }

  /**
   * The folder to write into: one folder a kind of record, {@code customer/landing} and so on; null
   * if nothing is to be written.
   */
  URI partial();

  /**
   * Makes the output appear.
   *
   * @return how many bytes its files have
   * @throws LakehouseException if that fails; a former output is then as it was
   */
  long publish();

  /** Deletes what was written if it was not published. */
  @Override
  void close() throws IOException;
}
