-- Every distinct step trainer record, however often and in however many files it arrived.
SELECT
  sensorreadingtime,
  serialnumber,
  distancefromobject,
  COUNT(*) AS copies,
  canonical(serialnumber) AS device
FROM step_trainer_landing
GROUP BY
  sensorreadingtime,
  serialnumber,
  distancefromobject;
