-- The distinct step readings, as accelerometer_reading has those of the phones. The distance belongs to
-- what a reading is: devices have sent several of one instant.
WITH
  reading AS (
    SELECT
      EXTRACT(EPOCH FROM sensorreadingtime) * 1000 + EXTRACT(MILLISECOND FROM sensorreadingtime) AS moment,
      distancefromobject,
      device
    FROM step_trainer_candidate
  )
SELECT
  moment,
  distancefromobject,
  device
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY moment, distancefromobject, device ORDER BY arrival) AS copy
  FROM (SELECT *, PROCTIME() AS arrival FROM reading)
)
WHERE copy = 1;
