-- The distinct readings of current customers' step trainers that connect. A device can belong to several
-- customers, so its instants are made distinct first.
SELECT s.sensorreadingtime AS sensorReadingTime, s.serialnumber AS serialNumber, s.distancefromobject AS distanceFromObject
FROM step_trainer_cleaned_landing AS s
JOIN (SELECT DISTINCT serialnumber, instant FROM connected_instant) AS i
  ON i.serialnumber = s.serialnumber AND i.instant = s.sensorreadingtime
ORDER BY serialNumber, sensorReadingTime, distanceFromObject;
