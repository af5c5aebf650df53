-- At how many instants readings of how many people are paired: more than one means coincidences.
SELECT CAST(people AS STRING) AS people, instants
FROM (
  SELECT people, COUNT(*) AS instants
  FROM (
    SELECT sensorreadingtime, COUNT(DISTINCT customer_id) AS people
    FROM machine_learning_curated
    GROUP BY sensorreadingtime
  )
  GROUP BY people
  ORDER BY people
  LIMIT 60
)
ORDER BY CAST(people AS BIGINT);
