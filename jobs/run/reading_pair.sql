-- Every distinct step reading with every distinct accelerometer reading of the same instant, whoever they
-- belong to. For streaming jobs/streaming/reading_pair.sql says it.
--
-- To be written, both sides are sorted and merged: pairs in the order of time take a third of the room that those in the
-- order of a hash do. To be compared they need no order, and steps, of which there are fewer, go into a hash table.
SELECT /*+ ${pairing-join}(s) */
  s.event_time,
  s.device,
  s.distancefromobject,
  a.account,
  a.reading_id,
  a.x,
  a.y,
  a.z
FROM step_trainer_reading AS s
JOIN accelerometer_reading AS a
  ON a.moment = s.moment;
