-- The distinct readings that their owner's consent covers.
SELECT
  `user`,
  CAST(TO_TIMESTAMP_LTZ(moment, 3) AS TIMESTAMP_LTZ(6)) AS `timestamp`,
  reading_id,
  x,
  y,
  z,
  account
FROM accelerometer_consented;
