-- The distinct accelerometer readings: one delivered twice counts once, also under two spellings of its
-- user. Within one key x, y and z are equal, so MIN only picks them.
SELECT
  account,
  `timestamp`,
  reading_id,
  MIN(x) AS x,
  MIN(y) AS y,
  MIN(z) AS z
FROM (
  SELECT
    ${identity(`user`)} AS account,
    CAST(`timestamp` AS TIMESTAMP_LTZ(6)) AS `timestamp`,
    content_hash(x, y, z) AS reading_id,
    x,
    y,
    z
  FROM accelerometer_landing
)
GROUP BY account, `timestamp`, reading_id;
