-- Every fragment of the step trainer files: the valid records typed, the others with reject_reason
-- set. A reject's time as in accelerometer_raw.
CREATE TEMPORARY TABLE step_trainer_raw (
  sensorreadingtime TIMESTAMP_LTZ(3) NOT NULL,
  serialnumber STRING,
  distancefromobject INT,
  source_file STRING,
  source_offset BIGINT,
  source_length BIGINT,
  undeclared_fields STRING,
  arrived_late BOOLEAN,
  reject_reason STRING,
  reject_bytes BYTES,
  WATERMARK FOR sensorreadingtime AS SOURCE_WATERMARK()
) WITH (
  'connector' = 'sensor-json',
  'path' = '${input.root}',
  'pattern' = '${input.pattern.step_trainer}',
  'root' = '${input.root}',
  'monitor-interval' = '${streaming.monitor-interval}',
  'settle-time' = '${streaming.settle-time}',
  'event-time' = 'sensorreadingtime',
  'max-out-of-orderness' = '${streaming.max-out-of-orderness.step_trainer}',
  'last-watermark' = 'false'
);
