CREATE TABLE IF NOT EXISTS accelerometer_cleaned_landing (
  `user` STRING COMMENT 'e-mail address of the customer whose phone moved',
  `timestamp` TIMESTAMP_LTZ(6) COMMENT 'when the phone was read',
  x DOUBLE COMMENT 'acceleration along x as reported by the phone',
  y DOUBLE COMMENT 'acceleration along y as reported by the phone',
  z DOUBLE COMMENT 'acceleration along z as reported by the phone',
  copies BIGINT COMMENT 'how often the record arrived',
  account STRING COMMENT 'e-mail address in lower case without blanks around it: one account, however it was spelled'
) WITH (
  'comment' = 'every distinct complete accelerometer record of the history; written by prepare',
  'stedi.forget.account' = 'account, timestamp',
  'write.metadata.metrics.column.user' = 'counts',
  'write.metadata.metrics.column.account' = 'counts'
);
