-- Every distinct step trainer record, however often and in however many files it arrived.
SELECT
  sensorreadingtime,
  serialnumber,
  distancefromobject,
  copies,
  ${identity(serialnumber)} AS device
FROM (
  SELECT
    sensorreadingtime,
    serialnumber,
    distancefromobject,
    COUNT(*) AS copies
  FROM step_trainer_landing
  GROUP BY
    sensorreadingtime,
    serialnumber,
    distancefromobject
);
