-- The distinct step readings of the curated customers' devices, under the serial number as
-- customer_curated has it.
SELECT
  s.sensorreadingtime,
  d.serialnumber,
  s.distancefromobject,
  s.device
FROM (
  SELECT DISTINCT
    CAST(sensorreadingtime AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
    ${identity(serialnumber)} AS device,
    distancefromobject
  FROM step_trainer_landing
) AS s
JOIN curated_device AS d
  ON d.device = s.device;
