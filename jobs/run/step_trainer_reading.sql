-- The distinct step readings, as accelerometer_reading has those of the phones. The distance belongs to
-- what a reading is: devices have sent several of one instant.
SELECT
  moment,
  distancefromobject,
  device,
  event_time
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY moment, distancefromobject, device ORDER BY arrival) AS copy
  FROM (
    SELECT
      CAST(event_time AS TIMESTAMP(3)) AS moment,
      distancefromobject,
      device,
      event_time,
      PROCTIME() AS arrival
    FROM step_trainer_candidate
  )
)
WHERE copy = 1 OR NOT ${distinct};
