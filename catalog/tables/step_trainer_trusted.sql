CREATE TABLE IF NOT EXISTS step_trainer_trusted (
  sensorreadingtime TIMESTAMP_LTZ(6) COMMENT 'when the step trainer was read',
  serialnumber STRING COMMENT 'serial number of the step trainer, as customer_curated has it',
  distancefromobject INT COMMENT 'distance to the object in front of the sensor as reported by the device',
  device STRING COMMENT 'serial number in lower case without blanks around it: one device, however it was spelled',
  PRIMARY KEY (device, sensorreadingtime, distancefromobject) NOT ENFORCED
) WITH (
  'comment' = 'the distinct step readings of the devices that belong to a customer in customer_curated',
  'stedi.forget.device' = 'device, sensorreadingtime',
  'stedi.forget.held-by' = 'customer_curated',
  'stedi.sorted-by' = 'sensorreadingtime',
  'write.metadata.metrics.column.serialnumber' = 'counts',
  'write.metadata.metrics.column.device' = 'counts'
);
