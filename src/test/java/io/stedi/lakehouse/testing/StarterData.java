package io.stedi.lakehouse.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The real data set, which is not part of the project: found beside the checkout, or not at all.
 */
public final class StarterData {

  /** The published counts of its tables. */
  public static final Map<String, Long> PUBLISHED =
      Map.ofEntries(
          Map.entry("customer_landing", 956L),
          Map.entry("accelerometer_landing", 81_273L),
          Map.entry("step_trainer_landing", 28_680L),
          Map.entry("rejected_landing", 0L),
          Map.entry("customer_trusted", 482L),
          Map.entry("accelerometer_trusted", 40_981L),
          Map.entry("customer_curated", 482L),
          Map.entry("step_trainer_trusted", 14_460L),
          Map.entry("machine_learning_curated", 43_681L),
          Map.entry("customer_cleaned_landing", 0L),
          Map.entry("accelerometer_cleaned_landing", 0L),
          Map.entry("step_trainer_cleaned_landing", 0L));

  private StarterData() {}

  /** Its .zip file; skips the test where it is missing. */
  public static Path zip() {
    Path zip = Path.of("..", "shared", "data", "stedi-starter.zip").toAbsolutePath().normalize();
    Need.that(Files.isRegularFile(zip), "the real data is not at " + zip);
    return zip;
  }
}
