-- Trusted step readings paired with trusted accelerometer readings of the same instant, without
-- personal data. The pairs are formed on time alone, as published; device_matched tells those of one
-- customer from coincidences, and machine-learning.match = device keeps only the former.
--
-- That last condition is not written as an equality, since the planner would make it a key of the join:
-- then a customer who changes devices moves from one task to another, and the order in which the old
-- pairs go and the new ones come is lost.
--
-- What a pair waits in for changes of consent and of devices is its state, twice: so the pseudonyms, which are
-- long, are made after it. It is kept as long as streaming.state-ttl says, and consent and devices for ever.
SELECT /*+ BROADCAST(d), STATE_TTL('p' = '${streaming.state-ttl}') */
  CAST(p.event_time AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  pseudonym(p.device) AS device_id,
  p.distancefromobject,
  pseudonym(p.account) AS customer_id,
  p.reading_id,
  p.x,
  p.y,
  p.z,
  p.device_matched
FROM (
  SELECT /*+ BROADCAST(c), STATE_TTL('r' = '${streaming.state-ttl}') */
    r.event_time,
    r.device,
    r.distancefromobject,
    r.account,
    r.reading_id,
    r.x,
    r.y,
    r.z,
    c.device = r.device AS device_matched
  FROM reading_pair AS r
  JOIN research_consent AS c
    ON c.account = r.account AND r.event_time >= c.usable_from
  WHERE '${machine-learning.match}' = 'time'
    OR (c.device >= r.device AND c.device <= r.device)
) AS p
JOIN curated_device AS d
  ON d.device = p.device;
