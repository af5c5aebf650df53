package io.stedi.lakehouse.scan;

/** What a data column holds, and the Java type of its values in a {@link Fragment.Valid}. */
public enum FieldType {
  /** {@link String} */
  STRING,
  /** {@link Double}, always finite */
  DOUBLE,
  /** {@link Integer} */
  INT,
  /** {@link Long} */
  BIGINT,
  /** {@link Long}, milliseconds since the epoch */
  TIMESTAMP
}
