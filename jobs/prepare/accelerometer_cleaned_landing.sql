-- Every distinct accelerometer record, however often and in however many files it arrived.
SELECT
  `user`,
  `timestamp`,
  x,
  y,
  z,
  COUNT(*) AS copies,
  canonical(`user`) AS account
FROM accelerometer_landing
GROUP BY
  `user`,
  `timestamp`,
  x,
  y,
  z;
