package io.stedi.lakehouse.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real data set, which is not part of the project: found beside the checkout, or not at all.
 */
public final class StarterData {

  private StarterData() {}

  /** Its .zip file; skips the test where it is missing. */
  public static Path zip() {
    Path zip = Path.of("..", "shared", "data", "stedi-starter.zip").toAbsolutePath().normalize();
    Need.that(Files.isRegularFile(zip), "the real data is not at " + zip);
    return zip;
  }
}
