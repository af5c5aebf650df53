-- The distinct readings that their owner's consent covers, under the address as customer_trusted has it.
--
-- A reading waits for changes of consent as long as streaming.state-ttl says; consent itself is kept for ever.
SELECT /*+ BROADCAST(c), STATE_TTL('r' = '${streaming.state-ttl}') */
  c.email AS `user`,
  CAST(r.event_time AS TIMESTAMP_LTZ(6)) AS `timestamp`,
  r.reading_id,
  r.x,
  r.y,
  r.z,
  r.account
FROM accelerometer_reading AS r
JOIN research_consent AS c
  ON c.account = r.account AND r.event_time >= c.usable_from;
