-- The landed step readings that may be used, as accelerometer_candidate has those of the phones.
SELECT /*+ BROADCAST(c) */
  l.device,
  l.sensorreadingtime,
  l.distancefromobject
FROM (
  SELECT canonical(serialnumber) AS device, sensorreadingtime, distancefromobject
  FROM step_trainer_landing
) AS l
JOIN (SELECT DISTINCT device FROM research_consent) AS c
  ON c.device = l.device;
