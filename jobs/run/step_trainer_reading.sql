-- The distinct step readings, as accelerometer_reading has those of the phones. The distance belongs to
-- what a reading is: devices have sent several of one instant.
SELECT
  device,
  event_time,
  sensorreadingtime,
  distancefromobject
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY device, sensorreadingtime, distancefromobject ORDER BY arrival
    ) AS copy
  FROM (
    SELECT
      ${identity(serialnumber)} AS device,
      sensorreadingtime AS event_time,
      CAST(sensorreadingtime AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
      distancefromobject,
      PROCTIME() AS arrival
    FROM step_trainer_landing
  )
)
WHERE copy = 1;
