-- The distinct readings of current customers' step trainers that connect, under the serial number as the
-- customer has it. A device can belong to several customers, so its instants are made distinct first.
SELECT DISTINCT
  s.sensorreadingtime AS sensorReadingTime,
  i.serialnumber AS serialNumber,
  s.distancefromobject AS distanceFromObject
FROM step_trainer_cleaned_landing AS s
JOIN (
  SELECT device, instant, MIN(serialnumber) AS serialnumber
  FROM connected_instant
  GROUP BY device, instant
) AS i
  ON i.device = s.device AND i.instant = s.sensorreadingtime
ORDER BY serialNumber, sensorReadingTime, distanceFromObject;
