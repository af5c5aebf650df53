-- Every step reading with every accelerometer reading of the same instant, once, whoever they belong to.
--
-- The join is an interval join: both sides are append-only streams with a watermark, and what the
-- watermark has passed leaves the state. The equality spreads it over all tasks; the interval of
-- length zero is what lets the planner see the bound. Consent is applied after it, because consent
-- changes and an interval join cannot take anything back.
--
-- People and devices leave here as pseudonyms: they are part of the key of everything that follows.
SELECT
  sensorreadingtime,
  device_id,
  distancefromobject,
  customer_id,
  reading_id,
  MIN(x) AS x,
  MIN(y) AS y,
  MIN(z) AS z
FROM (
  SELECT
    CAST(s.sensorreadingtime AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
    pseudonym(${identity(s.serialnumber)}) AS device_id,
    s.distancefromobject,
    pseudonym(${identity(a.`user`)}) AS customer_id,
    content_hash(a.x, a.y, a.z) AS reading_id,
    a.x,
    a.y,
    a.z
  FROM step_trainer_landing AS s
  JOIN accelerometer_landing AS a
    ON CAST(a.`timestamp` AS TIMESTAMP_LTZ(6)) = CAST(s.sensorreadingtime AS TIMESTAMP_LTZ(6))
    AND a.`timestamp` BETWEEN s.sensorreadingtime - INTERVAL '0' SECOND
      AND s.sensorreadingtime + INTERVAL '0' SECOND
)
GROUP BY sensorreadingtime, device_id, distancefromobject, customer_id, reading_id;
