package io.stedi.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the peers compute: the tables of the pipeline, on input without dirt. */
final class PeerTables {

  /** The tables that are derived from the landings, in the order in which they can be. */
  static final List<String> DERIVED =
      List.of(
          "customer_trusted",
          "accelerometer_trusted",
          "customer_curated",
          "step_trainer_trusted",
          "machine_learning_curated");

  /** The columns of the raw files of each kind, in the SQL of Spark and of Flink. */
  static final Map<String, String> RAW =
      Map.of(
          "customer",
          "customerName STRING, email STRING, phone STRING, birthDay STRING, serialNumber STRING,"
              + " registrationDate BIGINT, lastUpdateDate BIGINT, shareWithResearchAsOfDate BIGINT,"
              + " shareWithPublicAsOfDate BIGINT, shareWithFriendsAsOfDate BIGINT",
          "accelerometer",
          "`user` STRING, `timestamp` BIGINT, x DOUBLE, y DOUBLE, z DOUBLE",
          "step_trainer",
          "sensorReadingTime BIGINT, serialNumber STRING, distanceFromObject INT");

  private static final Pattern PSEUDONYM = Pattern.compile("pseudonym\\(([^)]*)\\)");

  private PeerTables() {}

  /**
   * The query of a derived table.
   *
   * @param pseudonym how the peer's SQL hashes a text, with {@code $1} for the text
   */
  static String query(String table, String pseudonym) {
    try (InputStream in = PeerTables.class.getResourceAsStream("/sql/" + table + ".sql")) {
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return PSEUDONYM.matcher(sql).replaceAll(pseudonym);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
