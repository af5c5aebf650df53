-- The reduced step readings as raw files. One writer, so that the order is kept.
CREATE TEMPORARY TABLE `output`.reduced_step_trainer (
  sensorReadingTime TIMESTAMP_LTZ(3),
  serialNumber STRING,
  distanceFromObject INT
) WITH (
  'connector' = 'filesystem',
  'path' = '${output.root}/step_trainer/landing',
  'format' = 'sensor-json',
  'sink.parallelism' = '1'
);
