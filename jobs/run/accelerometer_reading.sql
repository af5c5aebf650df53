-- The distinct accelerometer readings: one delivered twice counts once, also under two spellings of its
-- user. The first copy to arrive stands for all, which is how a stream stays append-only: nothing is
-- taken back when another copy comes.
--
-- event_time is the reading's time with its watermark, for the pairing; moment is the same as a clock shows
-- it (in UTC, as every session here), and of a type that Flink sorts by its bytes, which event_time is
-- not. It and the number of the content come first, since that is the order of the sort in batch: eight
-- bytes each, which decide nearly every comparison.
--
-- What is compared as a set need not be distinct, and is not sorted then.
WITH
  reading AS (
    SELECT
      CAST(event_time AS TIMESTAMP(3)) AS moment,
      content_hash(x, y, z) AS reading_id,
      account,
      event_time,
      x,
      y,
      z
    FROM accelerometer_candidate
  )
SELECT
  moment,
  reading_id,
  account,
  event_time,
  x,
  y,
  z
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY moment, reading_id, account ORDER BY arrival) AS copy
  FROM (SELECT *, PROCTIME() AS arrival FROM reading)
)
WHERE copy = 1 AND ${distinct}
UNION ALL
SELECT moment, reading_id, account, event_time, x, y, z
FROM reading
WHERE NOT ${distinct};
