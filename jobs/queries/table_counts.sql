-- How many rows each table has.
SELECT 'customer_landing' AS table_name, COUNT(*) AS table_rows FROM customer_landing
UNION ALL
SELECT 'accelerometer_landing' AS table_name, COUNT(*) AS table_rows FROM accelerometer_landing
UNION ALL
SELECT 'step_trainer_landing' AS table_name, COUNT(*) AS table_rows FROM step_trainer_landing
UNION ALL
SELECT 'rejected_landing' AS table_name, COUNT(*) AS table_rows FROM rejected_landing
UNION ALL
SELECT 'customer_cleaned_landing' AS table_name, COUNT(*) AS table_rows FROM customer_cleaned_landing
UNION ALL
SELECT 'accelerometer_cleaned_landing' AS table_name, COUNT(*) AS table_rows FROM accelerometer_cleaned_landing
UNION ALL
SELECT 'step_trainer_cleaned_landing' AS table_name, COUNT(*) AS table_rows FROM step_trainer_cleaned_landing
UNION ALL
SELECT 'customer_trusted' AS table_name, COUNT(*) AS table_rows FROM customer_trusted
UNION ALL
SELECT 'accelerometer_trusted' AS table_name, COUNT(*) AS table_rows FROM accelerometer_trusted
UNION ALL
SELECT 'customer_curated' AS table_name, COUNT(*) AS table_rows FROM customer_curated
UNION ALL
SELECT 'step_trainer_trusted' AS table_name, COUNT(*) AS table_rows FROM step_trainer_trusted
UNION ALL
SELECT 'machine_learning_curated' AS table_name, COUNT(*) AS table_rows FROM machine_learning_curated
ORDER BY table_name;
