-- Trusted step readings paired with trusted accelerometer readings of the same instant, or of one near it if
-- machine-learning.tolerance says so, under pseudonyms. The pairs are formed on time alone, as published;
-- device_matched tells those of one customer from coincidences, and machine-learning.match = device keeps only the
-- former.
--
-- The pseudonyms, which are long, are made last: readings wait in the state of the pairing without them.
SELECT
  CAST(TO_TIMESTAMP_LTZ(step_moment, 3) AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  pseudonym('device', device) AS device_id,
  distancefromobject,
  CAST(TO_TIMESTAMP_LTZ(motion_moment, 3) AS TIMESTAMP_LTZ(6)) AS `timestamp`,
  pseudonym('account', account) AS customer_id,
  reading_id,
  x,
  y,
  z,
  device_matched
FROM reading_pair
WHERE '${machine-learning.match}' = 'time' OR device_matched;
