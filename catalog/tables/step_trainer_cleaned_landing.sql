CREATE TABLE IF NOT EXISTS step_trainer_cleaned_landing (
  sensorreadingtime TIMESTAMP_LTZ(6) COMMENT 'when the step trainer was read',
  serialnumber STRING COMMENT 'serial number of the step trainer',
  distancefromobject INT COMMENT 'distance to the object in front of the sensor as reported by the device',
  copies BIGINT COMMENT 'how often the record arrived',
  device STRING COMMENT 'serial number in lower case without blanks around it: one device, however it was spelled'
) WITH (
  'comment' = 'every distinct complete step trainer record of the history; written by prepare',
  'stedi.forget.device' = 'device, sensorreadingtime',
  'write.metadata.metrics.column.serialnumber' = 'counts',
  'write.metadata.metrics.column.device' = 'counts'
);
