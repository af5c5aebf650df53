-- The landed readings that may be used some day. A stream considers them all, since consent may still be given. In batch it
-- is known whose consent covers what, and the rest is left out before it is sorted.
WITH
  landed AS (
    SELECT canonical(`user`) AS account, `timestamp`, x, y, z
    FROM accelerometer_landing
  )
SELECT account, `timestamp`, x, y, z
FROM landed
WHERE NOT ${batch}
UNION ALL
SELECT /*+ BROADCAST(c) */ l.account, l.`timestamp`, l.x, l.y, l.z
FROM landed AS l
JOIN research_consent AS c
  ON c.account = l.account AND CAST(l.`timestamp` AS TIMESTAMP_LTZ(6)) >= c.usable_from
WHERE ${batch};
