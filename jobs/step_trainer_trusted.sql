-- The distinct step readings of the curated customers' devices.
SELECT s.sensorreadingtime, s.serialnumber, s.distancefromobject
FROM (
  SELECT DISTINCT
    CAST(sensorreadingtime AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
    serialnumber,
    distancefromobject
  FROM step_trainer_landing
) AS s
JOIN curated_device AS d
  ON d.serialnumber = s.serialnumber;
