-- The distinct step readings of the curated customers' devices, under the serial number as
-- customer_curated has it.
--
-- A reading waits for its device to become a curated customer's, or not to be one any more, as long as
-- streaming.state-ttl says; the devices themselves are kept for ever.
SELECT /*+ BROADCAST(d), STATE_TTL('s' = '${streaming.state-ttl}') */
  CAST(s.event_time AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  d.serialnumber,
  s.distancefromobject,
  s.device
FROM step_trainer_reading AS s
JOIN curated_device AS d
  ON d.device = s.device;
