-- Every distinct step reading with every distinct accelerometer reading of the same instant, whoever they
-- belong to.
--
-- The join is an interval join: both sides are append-only streams with a watermark, and what the
-- watermark has passed leaves the state. The equality spreads it over all tasks; the interval of
-- length zero is what lets the planner see the bound. Consent is applied after it, because consent
-- changes and an interval join cannot take anything back.
--
-- In batch both sides are sorted and merged: pairs in the order of time take a third of the room that
-- those in the order of a hash do.
SELECT /*+ SHUFFLE_MERGE(s) */
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
  ON a.moment = s.moment
  AND a.event_time BETWEEN s.event_time - INTERVAL '0' SECOND AND s.event_time + INTERVAL '0' SECOND;
