-- The distinct readings that their owner's consent covers.
SELECT
  r.`user`,
  r.`timestamp`,
  r.reading_id,
  r.x,
  r.y,
  r.z
FROM accelerometer_reading AS r
JOIN research_consent AS c
  ON c.email = r.`user` AND r.`timestamp` >= c.usable_from;
