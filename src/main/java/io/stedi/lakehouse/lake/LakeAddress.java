package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where a lake is, as parameters of a job by which its tasks find it. Flink's own pages show the
 * parameters of a job, without the values of those whose names tell that they are secret, as {@code
 * jdbc.password} does.
 *
 * @param catalog Iceberg's catalog properties
 * @param database the database that holds the tables
 */
public record LakeAddress(Map<String, String> catalog, String database) implements Serializable {

  private static final String DATABASE = "lake.database";
  private static final String CATALOG = "lake.catalog.";

  /** A task can ask for a parameter by its name only. */
  private static final String NAMES = "lake.catalog";

  private static final String SEPARATOR = ";";

  public LakeAddress {
    catalog = Map.copyOf(catalog);
    requireNonNull(database, "database");
  }

  /**
   * The address that a job's parameters hold.
   *
   * @param parameter gives a parameter by its name; the empty string if there is none
   * @throws LakehouseException if they hold none
   */
  public static LakeAddress of(UnaryOperator<String> parameter) {
    String names = parameter.apply(NAMES);
    if (names.isEmpty()) {
      throw LakehouseException.usage(
          "The job does not know its lake: pipeline.global-job-parameters lacks %s. Submit it with stedi run or the jar's own main, or from the script that stedi plan prints."
              .formatted(NAMES));
    }
    Map<String, String> catalog = new HashMap<>();
    for (String name : names.split(SEPARATOR)) {
      catalog.put(name, parameter.apply(CATALOG + name));
    }
    return new LakeAddress(catalog, parameter.apply(DATABASE));
  }

  /** The parameters of a job that hold the address. */
  public Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>();
    List<String> names = new ArrayList<>(catalog.keySet());
    names.sort(null);
    parameters.put(NAMES, String.join(SEPARATOR, names));
    parameters.put(DATABASE, database);
    catalog.forEach((name, value) -> parameters.put(CATALOG + name, value));
    return parameters;
  }

  /**
   * Opens the lake.
   *
   * @throws LakehouseException if it cannot be opened
   */
  public Lake open() {
    return Lake.open(catalog, database);
  }
}
