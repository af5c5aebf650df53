-- The distinct step readings of the curated customers' devices, under the serial number as
-- customer_curated has it.
--
-- A reading stays in state, for its device may become a curated customer's or cease to be one, as long as
-- streaming.state-ttl says; the devices themselves stay for ever.
SELECT /*+ BROADCAST(d), STATE_TTL('s' = '${streaming.state-ttl}') */
  s.moment,
  d.serialnumber,
  s.distancefromobject,
  s.device
FROM step_trainer_reading AS s
JOIN curated_device AS d
  ON d.device = s.device;
