-- Every fragment of the step trainer files: the valid records typed, the others with reject_reason
-- set.
CREATE TEMPORARY TABLE step_trainer_raw (
  sensorreadingtime TIMESTAMP_LTZ(3),
  serialnumber STRING,
  distancefromobject INT,
  source_file STRING,
  source_offset BIGINT,
  source_length BIGINT,
  undeclared_fields STRING,
  reject_reason STRING,
  reject_bytes BYTES
) WITH (
  'connector' = 'sensor-json',
  'path' = '${input.root}',
  'pattern' = '${input.pattern.step_trainer}',
  'root' = '${input.root}',
  'monitor-interval' = '${streaming.monitor-interval}',
  'settle-time' = '${streaming.settle-time}'
);
