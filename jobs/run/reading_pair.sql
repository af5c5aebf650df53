-- Every trusted step reading with every trusted accelerometer reading that was taken at most machine-learning.tolerance
-- (milliseconds) before or after it, whoever they belong to.
--
-- The join is spread over tasks by buckets of time, each wider by a millisecond than the interval in which a step finds its
-- motions. So a motion is in one bucket and a step in at most two, and no pair is made twice. With a tolerance of 0 no step
-- is in two.
--
-- A regular join: a withdrawal of consent takes readings back, and with them their pairs. Both sides stay in state as long
-- as streaming.state-ttl says.
--
-- In batch both sides are sorted and merged: pairs in the order of time take a third of the room that those in the order
-- of a hash do.
WITH
  step AS (
    SELECT
      moment,
      distancefromobject,
      device,
      (moment - ${machine-learning.tolerance}) / (2 * ${machine-learning.tolerance} + 2) AS first_bucket,
      (moment + ${machine-learning.tolerance}) / (2 * ${machine-learning.tolerance} + 2) AS last_bucket
    FROM step_trainer_consented
  )
SELECT /*+ SHUFFLE_MERGE(s), STATE_TTL('s' = '${streaming.state-ttl}', 'a' = '${streaming.state-ttl}') */
  s.moment AS step_moment,
  s.device,
  s.distancefromobject,
  a.moment AS motion_moment,
  a.account,
  a.reading_id,
  a.x,
  a.y,
  a.z,
  a.device = s.device AS device_matched
FROM (
  SELECT moment, distancefromobject, device, first_bucket AS bucket
  FROM step
  UNION ALL
  SELECT moment, distancefromobject, device, last_bucket AS bucket
  FROM step
  WHERE ${machine-learning.tolerance} > 0 AND last_bucket > first_bucket
) AS s
JOIN (
  SELECT *, moment / (2 * ${machine-learning.tolerance} + 2) AS bucket
  FROM accelerometer_consented
) AS a
  ON a.bucket = s.bucket
    AND a.moment BETWEEN s.moment - ${machine-learning.tolerance} AND s.moment + ${machine-learning.tolerance};
