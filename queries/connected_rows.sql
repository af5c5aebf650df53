-- How many rows it makes to join every version of every customer with the readings that connect: those
-- of the customer's phone and of the customer's step trainer at the same instant.
--
-- Versions are counted before they are joined. An account with hundreds of them would otherwise multiply
-- its readings by hundreds only to have them counted.
WITH device AS (
  SELECT email, serialnumber, COUNT(*) AS versions
  FROM customer_cleaned_landing
  GROUP BY email, serialnumber
)
SELECT COALESCE(SUM(d.versions), 0) AS connected_rows
FROM device AS d
JOIN accelerometer_cleaned_landing AS a
  ON a."user" = d.email
JOIN step_trainer_cleaned_landing AS s
  ON s.serialnumber = d.serialnumber AND s.sensorreadingtime = a."timestamp";
