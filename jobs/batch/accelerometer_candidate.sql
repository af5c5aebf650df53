-- The landed readings that may be used. In batch it is known whose consent covers what, and the rest is left out before it
-- is sorted.
SELECT /*+ BROADCAST(c) */
  l.account,
  l.`timestamp`,
  l.x,
  l.y,
  l.z
FROM (
  SELECT canonical(`user`) AS account, `timestamp`, x, y, z
  FROM accelerometer_landing
) AS l
JOIN research_consent AS c
  ON c.account = l.account AND CAST(l.`timestamp` AS TIMESTAMP_LTZ(6)) >= c.usable_from;
