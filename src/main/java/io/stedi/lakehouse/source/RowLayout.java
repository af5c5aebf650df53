package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.DataField;
import io.stedi.lakehouse.scan.FieldIndex;
import io.stedi.lakehouse.scan.FieldType;
import io.stedi.lakehouse.scan.Fragment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;

/**
 * Which column of a table is which: the data fields, all of which are read and judged, and the
 * columns to produce.
 */
final class RowLayout implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Of the times that rows hold. */
  static final int MILLISECOND_PRECISION = 3;

  private final List<DataField> fields;
  private final List<Column> produced;

  private RowLayout(List<DataField> fields, List<Column> produced) {
    this.fields = fields;
    this.produced = produced;
  }

  /** Where a produced column comes from: the format itself, or else the data field at the slot. */
  private record Column(SourceColumn source, int slot, FieldType type) implements Serializable {}

  /**
   * Derives the layout of a table.
   *
   * @param table all columns of the table
   * @param optionalFields the data columns that may be absent
   * @param projection the indexes of the columns to produce
   * @throws ValidationException naming the column that cannot be filled as declared
   */
  static RowLayout of(RowType table, List<String> optionalFields, int[] projection) {
    Set<String> unusedOptions = new HashSet<>(optionalFields);
    Map<String, String> namesByLowerCase = new HashMap<>();
    List<DataField> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (RowType.RowField column : table.getFields()) {
      Optional<SourceColumn> source = SourceColumn.named(column.getName());
      if (source.isPresent()) {
        checkSourceColumn(column, source.get());
        columns.add(new Column(source.get(), -1, null));
      } else {
        String twin =
            namesByLowerCase.put(FieldIndex.lowerCase(column.getName()), column.getName());
        if (twin != null) {
          throw new ValidationException(
              String.format(
                  "Columns '%s' and '%s' differ only in case, so format '%s' cannot tell which one a"
                      + " JSON field fills.",
                  twin, column.getName(), SensorJsonFormatFactory.IDENTIFIER));
        }
        boolean optional = unusedOptions.remove(column.getName());
        DataField field = dataField(column, !optional);
        columns.add(new Column(null, fields.size(), field.type()));
        fields.add(field);
      }
    }
    if (!unusedOptions.isEmpty()) {
      throw new ValidationException(
          String.format(
              "Option '%s' names columns that are not data columns of the table: %s.",
              SensorJsonOptions.OPTIONAL_FIELDS.key(), unusedOptions));
    }
    List<Column> produced = new ArrayList<>();
    for (int index : projection) {
      produced.add(columns.get(index));
    }
    return new RowLayout(List.copyOf(fields), List.copyOf(produced));
  }

  /** The data fields of the table, whether produced or not. */
  List<DataField> fields() {
    return fields;
  }

  /** The row of a fragment. */
  RowData toRow(Fragment fragment, StringData sourceFile) {
    GenericRowData row = new GenericRowData(produced.size());
    for (int i = 0; i < produced.size(); i++) {
      Column column = produced.get(i);
      row.setField(
          i,
          column.source() == null
              ? dataValue(fragment, column)
              : sourceValue(fragment, column.source(), sourceFile));
    }
    return row;
  }

  private static Object dataValue(Fragment fragment, Column column) {
    if (!(fragment instanceof Fragment.Valid valid)) {
      return null;
    }
    Object value = valid.values()[column.slot()];
    if (value == null) {
      return null;
    }
    return switch (column.type()) {
      case STRING -> StringData.fromString((String) value);
      case TIMESTAMP -> TimestampData.fromEpochMillis((Long) value);
      case DOUBLE, INT, BIGINT -> value;
    };
  }

  private static Object sourceValue(Fragment fragment, SourceColumn column, StringData sourceFile) {
    Fragment.Valid valid = fragment instanceof Fragment.Valid v ? v : null;
    Fragment.Reject reject = fragment instanceof Fragment.Reject r ? r : null;
    return switch (column) {
      case SOURCE_FILE -> sourceFile;
      case SOURCE_OFFSET -> fragment.offset();
      case SOURCE_LENGTH -> fragment.length();
      case UNDECLARED_FIELDS ->
          valid == null ? null : StringData.fromString(valid.undeclaredFields());
      case UNUSABLE_VALUES -> valid == null ? null : StringData.fromString(valid.unusableValues());
      case REJECT_REASON -> reject == null ? null : StringData.fromString(reject.reason().text());
      case REJECT_BYTES -> reject == null ? null : reject.bytes();
    };
  }

  private static void checkSourceColumn(RowType.RowField column, SourceColumn source) {
    boolean fits =
        column.getType().is(source.typeRoot())
            && (!(column.getType() instanceof VarCharType text)
                || text.getLength() == VarCharType.MAX_LENGTH)
            && (source != SourceColumn.REJECT_BYTES
                || column.getType().copy(true).asSummaryString().equals("BYTES"));
    if (!fits) {
      throw new ValidationException(
          String.format(
              "Column '%s' is filled by format '%s' and must be of type %s, but is %s.",
              column.getName(),
              SensorJsonFormatFactory.IDENTIFIER,
              source.typeName(),
              column.getType()));
    }
    if (!source.alwaysFilled()) {
      checkNullable(column);
    }
  }

  private static DataField dataField(RowType.RowField column, boolean required) {
    checkNullable(column);
    LogicalType type = column.getType();
    int maxCharacters =
        type instanceof VarCharType text ? text.getLength() : VarCharType.MAX_LENGTH;
    return new DataField(column.getName(), fieldType(column), maxCharacters, required);
  }

  /**
   * What a data column holds.
   *
   * @throws ValidationException if the format has no JSON for its type
   */
  static FieldType fieldType(RowType.RowField column) {
    LogicalType type = column.getType();
    if (type instanceof LocalZonedTimestampType time
        && time.getPrecision() == MILLISECOND_PRECISION) {
      return FieldType.TIMESTAMP;
    }
    LogicalTypeRoot root = type.getTypeRoot();
    return switch (root) {
      case VARCHAR -> FieldType.STRING;
      case DOUBLE -> FieldType.DOUBLE;
      case INTEGER -> FieldType.INT;
      case BIGINT -> FieldType.BIGINT;
      default ->
          throw new ValidationException(
              String.format(
                  "Column '%s' has type %s, which format '%s' does not know. Supported are STRING,"
                      + " VARCHAR, DOUBLE, INT, BIGINT and TIMESTAMP_LTZ(3).",
                  column.getName(), type, SensorJsonFormatFactory.IDENTIFIER));
    };
  }

  private static void checkNullable(RowType.RowField column) {
    if (!column.getType().isNullable()) {
      throw new ValidationException(
          String.format(
              "Column '%s' must not be NOT NULL: it is null in records or in the rejects of format"
                  + " '%s'.",
              column.getName(), SensorJsonFormatFactory.IDENTIFIER));
    }
  }
}
