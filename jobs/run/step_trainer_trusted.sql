-- The distinct step readings of the curated customers' devices, under the serial number as
-- customer_curated has it.
SELECT /*+ BROADCAST(d) */
  CAST(s.event_time AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  d.serialnumber,
  s.distancefromobject,
  s.device
FROM step_trainer_reading AS s
JOIN curated_device AS d
  ON d.device = s.device;
