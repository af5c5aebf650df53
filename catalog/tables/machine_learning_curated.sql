CREATE TABLE IF NOT EXISTS machine_learning_curated (
  sensorreadingtime TIMESTAMP_LTZ(6) COMMENT 'when the step trainer was read',
  device_id STRING COMMENT 'pseudonym of the step trainer: keyed hash of its serial number',
  distancefromobject INT COMMENT 'distance to the object in front of the step trainer as reported by the device',
  `timestamp` TIMESTAMP_LTZ(6) COMMENT 'when the phone was read: the same instant, unless machine-learning.tolerance is set',
  customer_id STRING COMMENT 'pseudonym of the customer whose phone moved: keyed hash of the e-mail address',
  reading_id BIGINT COMMENT 'hash of x, y and z: tells apart readings of one customer at one instant',
  x DOUBLE COMMENT 'acceleration along x as reported by the phone',
  y DOUBLE COMMENT 'acceleration along y as reported by the phone',
  z DOUBLE COMMENT 'acceleration along z as reported by the phone',
  device_matched BOOLEAN COMMENT 'true if the step trainer is that of the same customer',
  PRIMARY KEY (sensorreadingtime, device_id, distancefromobject, `timestamp`, customer_id, reading_id) NOT ENFORCED
) WITH (
  'comment' = 'trusted step readings paired with the trusted accelerometer readings of the same instant, or within machine-learning.tolerance of it; pseudonymous: whoever reads accelerometer_trusted too can tell whose they are',
  'stedi.forget.account' = 'customer_id, timestamp',
  'stedi.forget.device' = 'device_id, sensorreadingtime',
  'stedi.forget.held-by' = 'customer_curated',
  'stedi.sorted-by' = 'sensorreadingtime'
);
