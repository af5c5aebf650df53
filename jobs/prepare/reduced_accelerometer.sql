-- The distinct readings of current customers' phones that connect, under the address as the customer
-- has it: in another spelling the same reading is a record of its own only until here.
SELECT DISTINCT i.email AS `user`, a.`timestamp`, a.x, a.y, a.z
FROM accelerometer_cleaned_landing AS a
JOIN connected_instant AS i
  ON i.account = a.account AND i.instant = a.`timestamp`
ORDER BY `user`, `timestamp`, x, y, z;
