-- The instants at which a current customer's phone and step trainer were both read, once each. Both sides
-- are made distinct before they are joined: several readings of one instant must not multiply.
SELECT
  c.account,
  c.email,
  c.device,
  c.serialnumber,
  a.`timestamp` AS instant
FROM customer_current AS c
JOIN (SELECT DISTINCT account, `timestamp` FROM accelerometer_cleaned_landing) AS a
  ON a.account = c.account
JOIN (SELECT DISTINCT device, sensorreadingtime FROM step_trainer_cleaned_landing) AS s
  ON s.device = c.device AND s.sensorreadingtime = a.`timestamp`;
