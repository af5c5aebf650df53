-- The reduced customers as raw files. One writer, so that the order is kept.
CREATE TEMPORARY TABLE `output`.reduced_customer (
  customerName STRING,
  email STRING,
  phone STRING,
  birthDay STRING,
  serialNumber STRING,
  registrationDate TIMESTAMP_LTZ(3),
  lastUpdateDate TIMESTAMP_LTZ(3),
  shareWithResearchAsOfDate TIMESTAMP_LTZ(3),
  shareWithPublicAsOfDate TIMESTAMP_LTZ(3),
  shareWithFriendsAsOfDate TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'filesystem',
  'path' = '${output.root}/customer/landing',
  'format' = 'sensor-json',
  'sink.parallelism' = '1'
);
