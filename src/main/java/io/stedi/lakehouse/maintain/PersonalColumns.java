package io.stedi.lakehouse.maintain;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/**
 * Where a table holds people and their devices, as its definition declares it in properties.
 *
 * @param account the column that names a row's account, in any spelling or by its pseudonym; null
 *     if rows are of no account
 * @param device the column that names a row's device; null if rows go with no device
 * @param ownedDevice the column of the device that the account has registered; null if none
 * @param heldBy the table of the customers of whom one has to have a row's device; null if a row
 *     needs none
 * @param cleared columns that may name somebody, of which the content goes and the row stays
 */
record PersonalColumns(
    Timed account, Timed device, String ownedDevice, String heldBy, List<String> cleared) {

  private static final String PREFIX = "stedi.forget.";
  private static final String ACCOUNT = PREFIX + "account";
  private static final String DEVICE = PREFIX + "device";
  private static final String OWNED_DEVICE = PREFIX + "owned-device";
  private static final String HELD_BY = PREFIX + "held-by";
  private static final String CLEARED = PREFIX + "cleared";

  /**
   * A column with that of the row's time, by which what is of somebody who registered anew is told.
   */
  record Timed(String name, String time) {}

  PersonalColumns {
    cleared = List.copyOf(cleared);
  }

  /**
   * Reads the declaration of a table.
   *
   * @throws LakehouseException if it has none, or names a column that is not there
   */
  static PersonalColumns of(Table table) {
    Map<String, String> properties = table.properties();
    PersonalColumns columns =
        new PersonalColumns(
            timed(table, ACCOUNT),
            timed(table, DEVICE),
            properties.get(OWNED_DEVICE),
            properties.get(HELD_BY),
            list(properties.get(CLEARED)));
    if (columns.account == null && columns.device == null && columns.cleared.isEmpty()) {
      throw LakehouseException.usage(
          "The table %s does not declare where it holds people, and was made by a former version of the program. Run stedi run or stedi prepare once, which adds the properties %s* to it."
              .formatted(Lake.nameOf(table), PREFIX));
    }
    for (String name : columns.names()) {
      if (table.schema().findField(name) == null) {
        throw LakehouseException.usage(
            "A property %s* of the table %s names the column %s, which it does not have. Correct catalog/tables/%s.sql."
                .formatted(PREFIX, Lake.nameOf(table), name, Lake.nameOf(table)));
      }
    }
    return columns;
  }

  private static Timed timed(Table table, String property) {
    List<String> names = list(table.properties().get(property));
    if (names.isEmpty()) {
      return null;
    }
    if (names.size() != 2) {
      throw LakehouseException.usage(
          "The property %s of the table %s takes two columns, 'column, time', and not '%s'."
              .formatted(property, Lake.nameOf(table), table.properties().get(property)));
    }
    return new Timed(names.get(0), names.get(1));
  }

  private static List<String> list(String text) {
    return Optional.ofNullable(text)
        .map(columns -> Arrays.stream(columns.split(",")).map(String::strip).toList())
        .orElse(List.of());
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(cleared);
    for (Timed column : new Timed[] {account, device}) {
      if (column != null) {
        names.add(column.name());
        names.add(column.time());
      }
    }
    if (ownedDevice != null) {
      names.add(ownedDevice);
    }
    return names;
  }

  /** These columns of a table. */
  Schema in(Schema schema) {
    return schema.select(names());
  }
}
