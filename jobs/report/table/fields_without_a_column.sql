-- Fields of records that no column holds.
SELECT table_name, fields, COUNT(*) AS records
FROM (
  SELECT 'customer_landing' AS table_name, undeclared_fields AS fields
  FROM customer_landing
  WHERE undeclared_fields IS NOT NULL
  UNION ALL
  SELECT 'accelerometer_landing' AS table_name, undeclared_fields AS fields
  FROM accelerometer_landing
  WHERE undeclared_fields IS NOT NULL
  UNION ALL
  SELECT 'step_trainer_landing' AS table_name, undeclared_fields AS fields
  FROM step_trainer_landing
  WHERE undeclared_fields IS NOT NULL
)
GROUP BY table_name, fields
ORDER BY records DESC, table_name, fields
LIMIT 50;
