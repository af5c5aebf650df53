package io.stedi.lakehouse.source;

import java.util.Optional;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** A column that the format fills itself. */
enum SourceColumn {
  /** The file that the row was found in. */
  SOURCE_FILE("source_file", LogicalTypeRoot.VARCHAR, "STRING"),
  /** Position of its first byte in the decompressed file. */
  SOURCE_OFFSET("source_offset", LogicalTypeRoot.BIGINT, "BIGINT"),
  /** Its length in bytes. */
  SOURCE_LENGTH("source_length", LogicalTypeRoot.BIGINT, "BIGINT"),
  /** The JSON fields of a record that have no column. */
  UNDECLARED_FIELDS("undeclared_fields", LogicalTypeRoot.VARCHAR, "STRING"),
  /** The values of a record that were taken for null because their columns cannot hold them. */
  UNUSABLE_VALUES("unusable_values", LogicalTypeRoot.VARCHAR, "STRING"),
  /** Why it is not a record. */
  REJECT_REASON("reject_reason", LogicalTypeRoot.VARCHAR, "STRING"),
  /** The bytes that are not a record. */
  REJECT_BYTES("reject_bytes", LogicalTypeRoot.VARBINARY, "BYTES");

  private final String columnName;
  private final LogicalTypeRoot typeRoot;
  private final String typeName;

  SourceColumn(String columnName, LogicalTypeRoot typeRoot, String typeName) {
    this.columnName = columnName;
    this.typeRoot = typeRoot;
    this.typeName = typeName;
  }

  static Optional<SourceColumn> named(String columnName) {
    for (SourceColumn column : values()) {
      if (column.columnName.equals(columnName)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  String columnName() {
    return columnName;
  }

  LogicalTypeRoot typeRoot() {
    return typeRoot;
  }

  /** The type to declare the column with, as SQL spells it. */
  String typeName() {
    return typeName;
  }

  /** Whether every row has a value. */
  boolean alwaysFilled() {
    return this == SOURCE_FILE || this == SOURCE_OFFSET || this == SOURCE_LENGTH;
  }
}
