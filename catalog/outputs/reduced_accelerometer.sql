-- The reduced accelerometer readings as raw files. One writer, so that the order is kept.
CREATE TEMPORARY TABLE `output`.reduced_accelerometer (
  `user` STRING,
  `timestamp` TIMESTAMP_LTZ(3),
  x DOUBLE,
  y DOUBLE,
  z DOUBLE
) WITH (
  'connector' = 'filesystem',
  'path' = '${output.root}/accelerometer/landing',
  'format' = 'sensor-json',
  'sink.parallelism' = '1'
);
