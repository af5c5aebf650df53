-- The pairs of jobs/run/reading_pair.sql as a stream makes them: each reading waits for those of its instant that are
-- still to come, until the watermark has passed it and it leaves the state. Both sides are append-only streams with a
-- watermark; consent is applied after the pairing, because consent changes and what has left the state cannot be taken
-- back. It is a text of its own because batch knows no process table functions. Flink's interval join says the same, for
-- twice the time.
SELECT
  rowtime AS event_time,
  device,
  distancefromobject,
  account,
  reading_id,
  x,
  y,
  z
FROM instant_join(
  a => TABLE step_trainer_reading PARTITION BY moment,
  b => TABLE accelerometer_reading PARTITION BY moment,
  on_time => DESCRIPTOR(event_time)
);
