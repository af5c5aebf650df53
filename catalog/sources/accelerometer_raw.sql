-- Every fragment of the accelerometer files: the valid records typed, the others with reject_reason
-- set. A reject has no time, and gets the epoch, as Flink knows no row without.
--
-- The watermark is the source's own: a device whose clock is wrong does not move it, a reader without files
-- does not hold it, and it moves only while a folder is watched. What is still held when a run ends goes with the
-- run, and not by a last watermark.
CREATE TEMPORARY TABLE accelerometer_raw (
  `user` STRING,
  `timestamp` TIMESTAMP_LTZ(3) NOT NULL,
  x DOUBLE,
  y DOUBLE,
  z DOUBLE,
  source_file STRING,
  source_offset BIGINT,
  source_length BIGINT,
  undeclared_fields STRING,
  arrived_late BOOLEAN,
  reject_reason STRING,
  reject_bytes BYTES,
  WATERMARK FOR `timestamp` AS SOURCE_WATERMARK()
) WITH (
  'connector' = 'sensor-json',
  'path' = '${input.root}',
  'pattern' = '${input.pattern.accelerometer}',
  'root' = '${input.root}',
  'monitor-interval' = '${streaming.monitor-interval}',
  'settle-time' = '${streaming.settle-time}',
  'event-time' = 'timestamp',
  'max-out-of-orderness' = '${streaming.max-out-of-orderness.accelerometer}',
  'last-watermark' = 'false'
);
