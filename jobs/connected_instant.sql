-- The instants at which a current customer's phone and step trainer were both read, once each. Both sides
-- are made distinct before they are joined: several readings of one instant must not multiply.
SELECT
  c.email,
  c.serialnumber,
  a.`timestamp` AS instant
FROM customer_current AS c
JOIN (SELECT DISTINCT `user`, `timestamp` FROM accelerometer_cleaned_landing) AS a
  ON a.`user` = c.email
JOIN (SELECT DISTINCT serialnumber, sensorreadingtime FROM step_trainer_cleaned_landing) AS s
  ON s.serialnumber = c.serialnumber AND s.sensorreadingtime = a.`timestamp`;
