package io.stedi.lakehouse.lake;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a table that an earlier version of its definition has made into what the definition says
 * now. What would lose data is refused, with the statement that does it.
 */
public final class TableEvolution {

  private static final Logger LOG = LoggerFactory.getLogger(TableEvolution.class);

  private TableEvolution() {}

  /**
   * Applies a definition: columns that are added, widened, commented on or in another order, the
   * primary key, partition columns that are added, and properties. Properties that the definition
   * does not name are left alone.
   *
   * @param table the table as it is
   * @param declared the columns and, as identifier fields, the primary key that it should have
   * @param partitions the columns that it should be partitioned by
   * @param properties the properties that it should have
   * @throws LakehouseException if a column was removed or its type cannot be widened to the
   *     declared one
   */
  public static void apply(
      Table table, Schema declared, List<String> partitions, Map<String, String> properties) {
    table.refresh();
    applySchema(table, declared);
    applyPartitions(table, partitions);
    applyProperties(table, properties);
  }

  private static void applySchema(Table table, Schema declared) {
    Schema current = table.schema();
    if (sameAs(current, declared)) {
      return;
    }
    UpdateSchema update = table.updateSchema();
    for (NestedField column : current.columns()) {
      if (declared.findField(column.name()) == null) {
        throw refused(
            table,
            "no longer declares the column %s".formatted(column.name()),
            "DROP COLUMN " + column.name());
      }
    }
    if (!current.identifierFieldNames().equals(declared.identifierFieldNames())) {
      // A key's columns have values in all rows. A run writes all rows of a table anew, or to none.
      update.allowIncompatibleChanges();
    }
    String previous = null;
    for (NestedField column : declared.columns()) {
      change(table, update, column);
      if (previous == null) {
        update.moveFirst(column.name());
      } else {
        update.moveAfter(column.name(), previous);
      }
      previous = column.name();
    }
    update.setIdentifierFields(declared.identifierFieldNames());
    update.commit();
    LOG.info("{}: changed the columns from {} to {}", table.name(), current, table.schema());
  }

  private static void change(Table table, UpdateSchema update, NestedField declared) {
    NestedField current = table.schema().findField(declared.name());
    if (current == null) {
      if (declared.isRequired()) {
        update.addRequiredColumn(declared.name(), declared.type(), declared.doc());
      } else {
        update.addColumn(declared.name(), declared.type(), declared.doc());
      }
      return;
    }
    if (!current.type().equals(declared.type())) {
      if (!isWidened(current.type(), declared.type())) {
        throw refused(
            table,
            "declares the column %s as %s, which it cannot become from %s"
                .formatted(declared.name(), declared.type(), current.type()),
            "DROP COLUMN " + declared.name());
      }
      update.updateColumn(declared.name(), declared.type().asPrimitiveType());
    }
    if (!Objects.equals(current.doc(), declared.doc())) {
      update.updateColumnDoc(declared.name(), declared.doc());
    }
    if (current.isOptional() && declared.isRequired()) {
      update.requireColumn(declared.name());
    } else if (current.isRequired() && declared.isOptional()) {
      update.makeColumnOptional(declared.name());
    }
  }

  private static boolean isWidened(Type from, Type to) {
    return from.isPrimitiveType()
        && to.isPrimitiveType()
        && TypeUtil.isPromotionAllowed(from, to.asPrimitiveType());
  }

  private static boolean sameAs(Schema current, Schema declared) {
    return current.identifierFieldNames().equals(declared.identifierFieldNames())
        && described(current.columns()).equals(described(declared.columns()));
  }

  /** Columns in their order, without the ids that tell apart columns of the same name. */
  private static List<String> described(List<NestedField> columns) {
    return columns.stream()
        .map(
            column ->
                "%s %s %s %s"
                    .formatted(column.name(), column.type(), column.isRequired(), column.doc()))
        .toList();
  }

  private static void applyPartitions(Table table, List<String> columns) {
    List<String> added =
        columns.stream()
            .filter(
                column ->
                    table.spec().fields().stream()
                        .noneMatch(
                            field ->
                                field.sourceId() == table.schema().findField(column).fieldId()))
            .toList();
    if (!added.isEmpty()) {
      UpdatePartitionSpec update = table.updateSpec();
      added.forEach(update::addField);
      update.commit();
      LOG.info("{}: partitioned by {}", table.name(), added);
    }
  }

  private static void applyProperties(Table table, Map<String, String> properties) {
    Map<String, String> changed = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          // The format version is no property of a table, but is given as one.
          if (!key.equals("format-version") && !value.equals(table.properties().get(key))) {
            changed.put(key, value);
          }
        });
    if (!changed.isEmpty()) {
      UpdateProperties update = table.updateProperties();
      changed.forEach(update::set);
      update.commit();
      LOG.info("{}: changed the properties {}", table.name(), changed);
    }
  }

  private static LakehouseException refused(Table table, String what, String change) {
    String name = Lake.nameOf(table);
    return LakehouseException.usage(
        "catalog/tables/%s.sql %s. That would lose data, so it is not done by itself: run ALTER TABLE %s %s in Athena or Spark, or change the definition back."
            .formatted(name, what, name, change));
  }
}
