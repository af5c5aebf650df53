-- The distinct readings of current customers' phones that connect.
SELECT a.`user`, a.`timestamp`, a.x, a.y, a.z
FROM accelerometer_cleaned_landing AS a
JOIN connected_instant AS i
  ON i.email = a.`user` AND i.instant = a.`timestamp`
ORDER BY `user`, `timestamp`, x, y, z;
