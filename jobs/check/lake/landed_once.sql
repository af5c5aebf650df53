-- No place of a raw file is landed twice.
SELECT
  table_name,
  'a place of a file was landed more than once' AS finding,
  COUNT(*) - 1 AS number,
  CONCAT(source_file, ' at byte ', CAST(source_offset AS STRING)) AS evidence
FROM (
  SELECT 'customer_landing' AS table_name, source_file, source_offset, CAST(NULL AS BIGINT) AS source_length
  FROM customer_landing
  UNION ALL
  SELECT 'accelerometer_landing' AS table_name, source_file, source_offset, CAST(NULL AS BIGINT) AS source_length
  FROM accelerometer_landing
  UNION ALL
  SELECT 'step_trainer_landing' AS table_name, source_file, source_offset, CAST(NULL AS BIGINT) AS source_length
  FROM step_trainer_landing
  UNION ALL
  SELECT CONCAT('rejected_landing, ', kind) AS table_name, source_file, source_offset, source_length
  FROM rejected_landing
  WHERE command = 'run'
)
GROUP BY table_name, source_file, source_offset, source_length
HAVING COUNT(*) > 1;
