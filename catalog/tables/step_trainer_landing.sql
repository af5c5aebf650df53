CREATE TABLE IF NOT EXISTS step_trainer_landing (
  sensorreadingtime TIMESTAMP_LTZ(6) COMMENT 'when the step trainer was read',
  serialnumber STRING COMMENT 'serial number of the step trainer',
  distancefromobject INT COMMENT 'distance to the object in front of the sensor as reported by the device',
  source_file STRING COMMENT 'file the record was read from, relative to the input',
  source_offset BIGINT COMMENT 'offset of the record in the decompressed file, bytes',
  undeclared_fields STRING COMMENT 'fields of the record that have no column here, null if none'
) WITH (
  'comment' = 'every step trainer record that arrived, typed, append-only; repeats included',
  'stedi.forget.device' = 'serialnumber, sensorreadingtime',
  'write.metadata.metrics.column.undeclared_fields' = 'counts',
  'write.metadata.metrics.column.serialnumber' = 'counts'
);
