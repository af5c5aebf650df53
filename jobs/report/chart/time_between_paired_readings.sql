-- How far the times of paired readings lie apart, in milliseconds; machine-learning.tolerance limits it.
SELECT CAST(milliseconds AS STRING) AS milliseconds, pairs
FROM (
  SELECT
    EXTRACT(EPOCH FROM `timestamp`) * 1000 + EXTRACT(MILLISECOND FROM `timestamp`)
      - EXTRACT(EPOCH FROM sensorreadingtime) * 1000 - EXTRACT(MILLISECOND FROM sensorreadingtime) AS milliseconds,
    COUNT(*) AS pairs
  FROM machine_learning_curated
  GROUP BY
    EXTRACT(EPOCH FROM `timestamp`) * 1000 + EXTRACT(MILLISECOND FROM `timestamp`)
      - EXTRACT(EPOCH FROM sensorreadingtime) * 1000 - EXTRACT(MILLISECOND FROM sensorreadingtime)
  ORDER BY pairs DESC
  LIMIT 60
)
ORDER BY CAST(milliseconds AS BIGINT);
