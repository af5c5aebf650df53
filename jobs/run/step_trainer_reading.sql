-- The distinct step readings, as accelerometer_reading has those of the phones. The distance belongs to
-- what a reading is: devices have sent several of one instant.
WITH
  reading AS (
    SELECT
      CAST(event_time AS TIMESTAMP(3)) AS moment,
      distancefromobject,
      device,
      event_time
    FROM step_trainer_candidate
  )
SELECT
  moment,
  distancefromobject,
  device,
  event_time
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY moment, distancefromobject, device ORDER BY arrival) AS copy
  FROM (SELECT *, PROCTIME() AS arrival FROM reading)
)
WHERE copy = 1 AND ${distinct}
UNION ALL
SELECT moment, distancefromobject, device, event_time
FROM reading
WHERE NOT ${distinct};
