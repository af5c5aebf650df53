-- How many rows it makes to join every version of every customer with the readings that connect: those
-- of the customer's phone and of the customer's step trainer at the same instant.
--
-- Versions are counted before they are joined. An account with hundreds of them would otherwise multiply
-- its readings by hundreds only to have them counted.
WITH owner AS (
  SELECT account, device, COUNT(*) AS versions
  FROM customer_cleaned_landing
  GROUP BY account, device
)
SELECT COALESCE(SUM(o.versions), 0) AS connected_rows
FROM owner AS o
JOIN accelerometer_cleaned_landing AS a
  ON a.account = o.account
JOIN step_trainer_cleaned_landing AS s
  ON s.device = o.device AND s.sensorreadingtime = a."timestamp";
