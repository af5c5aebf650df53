CREATE TABLE IF NOT EXISTS accelerometer_trusted (
  `user` STRING COMMENT 'e-mail address of the customer whose phone moved, as customer_trusted has it',
  `timestamp` TIMESTAMP_LTZ(6) COMMENT 'when the phone was read',
  reading_id BIGINT COMMENT 'hash of x, y and z: tells apart readings of one user at one instant',
  x DOUBLE COMMENT 'acceleration along x as reported by the phone',
  y DOUBLE COMMENT 'acceleration along y as reported by the phone',
  z DOUBLE COMMENT 'acceleration along z as reported by the phone',
  account STRING COMMENT 'e-mail address in lower case without blanks around it: one account, however it was spelled',
  PRIMARY KEY (account, `timestamp`, reading_id) NOT ENFORCED
) WITH (
  'comment' = 'the distinct accelerometer readings of the customers in customer_trusted',
  'stedi.forget.account' = 'account, timestamp',
  'stedi.sorted-by' = 'timestamp',
  'write.metadata.metrics.column.user' = 'counts',
  'write.metadata.metrics.column.account' = 'counts'
);
