-- How many accelerometer readings landed of each day, the last sixty days with any.
SELECT reading_day, readings
FROM (
  SELECT CAST(CAST(`timestamp` AS DATE) AS STRING) AS reading_day, COUNT(*) AS readings
  FROM accelerometer_landing
  GROUP BY CAST(`timestamp` AS DATE)
  ORDER BY reading_day DESC
  LIMIT 60
)
ORDER BY reading_day;
