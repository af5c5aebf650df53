-- Every fragment of the accelerometer files: the valid records typed, the others with reject_reason
-- set.
CREATE TEMPORARY TABLE accelerometer_raw (
  `user` STRING,
  `timestamp` TIMESTAMP_LTZ(3),
  x DOUBLE,
  y DOUBLE,
  z DOUBLE,
  source_file STRING,
  source_offset BIGINT,
  source_length BIGINT,
  undeclared_fields STRING,
  reject_reason STRING,
  reject_bytes BYTES
) WITH (
  'connector' = 'sensor-json',
  'path' = '${input.root}',
  'pattern' = '${input.pattern.accelerometer}',
  'root' = '${input.root}',
  'monitor-interval' = '${streaming.monitor-interval}',
  'settle-time' = '${streaming.settle-time}'
);
