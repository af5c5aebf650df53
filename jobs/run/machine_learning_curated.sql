-- Trusted step readings paired with trusted accelerometer readings of the same instant, without
-- personal data. The pairs are formed on time alone, as published; device_matched tells those of one
-- customer from coincidences, and machine-learning.match = device keeps only the former.
--
-- That last condition is not written as an equality, since the planner would make it a key of the join:
-- then a customer who changes devices moves from one task to another, and the order in which the old
-- pairs go and the new ones come is lost.
SELECT /*+ BROADCAST(c, d) */
  CAST(p.event_time AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  d.device_id,
  p.distancefromobject,
  c.customer_id,
  p.reading_id,
  p.x,
  p.y,
  p.z,
  c.device = p.device AS device_matched
FROM reading_pair AS p
JOIN research_participant AS c
  ON c.account = p.account AND p.event_time >= c.usable_from
JOIN curated_device_pseudonym AS d
  ON d.device = p.device
WHERE '${machine-learning.match}' = 'time'
  OR (c.device >= p.device AND c.device <= p.device);
