-- The distinct step readings of the curated customers' devices.
SELECT
  CAST(TO_TIMESTAMP_LTZ(moment, 3) AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
  serialnumber,
  distancefromobject,
  device
FROM step_trainer_consented;
