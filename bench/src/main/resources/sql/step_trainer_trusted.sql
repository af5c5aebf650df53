SELECT DISTINCT sensorreadingtime, serialnumber, distancefromobject, lower(trim(serialnumber)) AS device
FROM step_trainer_landing
WHERE lower(trim(serialnumber)) IN (SELECT lower(trim(serialnumber)) FROM customer_curated)
