-- Step readings that share their device and instant and differ in the distance. Joined on device and
-- instant, each would multiply what it meets; a step reading's identity therefore includes its distance.
SELECT COUNT(*) AS duplicates, COALESCE(SUM(readings), 0) AS readings
FROM (
  SELECT device, sensorreadingtime, COUNT(*) AS readings
  FROM step_trainer_cleaned_landing
  GROUP BY device, sensorreadingtime
  HAVING COUNT(*) > 1
) AS shared;
