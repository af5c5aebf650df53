-- The distinct accelerometer readings: one delivered twice counts once, also under two spellings of its
-- user. The first copy to arrive stands for all, which is how a stream stays append-only: nothing is
-- taken back when another copy comes.
--
-- The moment is the reading's time in milliseconds since 1970. It and the hash of the content come first, since
-- that is the order of the sort in batch: eight bytes each, which decide nearly every comparison.
WITH
  reading AS (
    SELECT
      EXTRACT(EPOCH FROM `timestamp`) * 1000 + EXTRACT(MILLISECOND FROM `timestamp`) AS moment,
      content_hash(x, y, z) AS reading_id,
      account,
      x,
      y,
      z
    FROM accelerometer_candidate
  )
SELECT
  moment,
  reading_id,
  account,
  x,
  y,
  z
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY moment, reading_id, account ORDER BY arrival) AS copy
  FROM (SELECT *, PROCTIME() AS arrival FROM reading)
)
WHERE copy = 1;
