CREATE TABLE IF NOT EXISTS accelerometer_landing (
  `user` STRING COMMENT 'e-mail address of the customer whose phone moved',
  `timestamp` TIMESTAMP_LTZ(6) COMMENT 'when the phone was read',
  x DOUBLE COMMENT 'acceleration along x as reported by the phone',
  y DOUBLE COMMENT 'acceleration along y as reported by the phone',
  z DOUBLE COMMENT 'acceleration along z as reported by the phone',
  source_file STRING COMMENT 'file the record was read from, relative to the input',
  source_offset BIGINT COMMENT 'offset of the record in the decompressed file, bytes',
  undeclared_fields STRING COMMENT 'fields of the record that have no column here, null if none'
) WITH (
  'comment' = 'every accelerometer record that arrived, typed, append-only; repeats included',
  'stedi.forget.account' = 'user, timestamp',
  'write.metadata.metrics.column.undeclared_fields' = 'counts',
  'write.metadata.metrics.column.user' = 'counts'
);
