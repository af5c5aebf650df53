-- The distinct step readings of the curated customers' devices, under the serial number as
-- customer_curated has it, but for those of a time at which the device was withheld.
--
-- A reading stays in state, for its device may become a curated customer's or cease to be one, as long as
-- streaming.state-ttl says; the devices themselves stay for ever.
SELECT /*+ STATE_TTL('r' = '${streaming.state-ttl}') */
  r.moment,
  r.serialnumber,
  r.distancefromobject,
  r.device
FROM (
  SELECT /*+ BROADCAST(d), STATE_TTL('s' = '${streaming.state-ttl}') */
    s.moment,
    d.serialnumber,
    s.distancefromobject,
    s.device
  FROM step_trainer_reading AS s
  JOIN curated_device AS d
    ON d.device = s.device AND (d.since IS NULL OR s.moment >= d.since)
) AS r
LEFT JOIN withheld_device AS w
  ON w.device = r.device
  AND w.since <= r.moment
  AND (w.until IS NULL OR r.moment < w.until)
WHERE w.device IS NULL;
