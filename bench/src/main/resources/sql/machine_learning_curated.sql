SELECT
  s.sensorreadingtime,
  pseudonym(s.device) AS device_id,
  s.distancefromobject,
  pseudonym(a.account) AS customer_id,
  a.x, a.y, a.z,
  lower(trim(c.serialnumber)) = s.device AS device_matched
FROM step_trainer_trusted AS s
JOIN accelerometer_trusted AS a ON a.timestamp = s.sensorreadingtime
JOIN customer_trusted AS c ON c.account = a.account
