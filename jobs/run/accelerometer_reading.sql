-- The distinct accelerometer readings: one delivered twice counts once, also under two spellings of its
-- user. The first copy to arrive stands for all, which is how a stream stays append-only: nothing is
-- taken back when another copy comes.
--
-- event_time is the same instant again, with the watermark, for the pairing.
SELECT
  account,
  event_time,
  `timestamp`,
  reading_id,
  x,
  y,
  z
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY account, `timestamp`, reading_id ORDER BY arrival) AS copy
  FROM (
    SELECT
      ${identity(`user`)} AS account,
      `timestamp` AS event_time,
      CAST(`timestamp` AS TIMESTAMP_LTZ(6)) AS `timestamp`,
      content_hash(x, y, z) AS reading_id,
      x,
      y,
      z,
      PROCTIME() AS arrival
    FROM accelerometer_landing
  )
)
WHERE copy = 1;
