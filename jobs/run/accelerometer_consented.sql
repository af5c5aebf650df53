-- The distinct readings that their owner's consent covers, under the address as customer_trusted has it, and with the
-- owner's step trainer.
--
-- A reading stays in state for changes of consent as long as streaming.state-ttl says; consent itself stays for ever.
SELECT /*+ BROADCAST(c), STATE_TTL('r' = '${streaming.state-ttl}') */
  c.email AS `user`,
  r.moment,
  r.reading_id,
  r.x,
  r.y,
  r.z,
  r.account,
  c.device
FROM accelerometer_reading AS r
JOIN research_consent AS c
  ON c.account = r.account AND CAST(TO_TIMESTAMP_LTZ(r.moment, 3) AS TIMESTAMP_LTZ(6)) >= c.usable_from;
