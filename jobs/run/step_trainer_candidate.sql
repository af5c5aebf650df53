-- The landed step readings that may be used some day, as accelerometer_candidate has those of the phones.
WITH
  landed AS (
    SELECT canonical(serialnumber) AS device, sensorreadingtime, distancefromobject
    FROM step_trainer_landing
  )
SELECT device, sensorreadingtime, distancefromobject
FROM landed
WHERE NOT ${batch}
UNION ALL
SELECT /*+ BROADCAST(c) */ l.device, l.sensorreadingtime, l.distancefromobject
FROM landed AS l
JOIN (SELECT DISTINCT device FROM research_consent) AS c
  ON c.device = l.device
WHERE ${batch};
