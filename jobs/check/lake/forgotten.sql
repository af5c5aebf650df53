-- Nothing of anybody who is forgotten is in any table.
SELECT
  table_name,
  'a row of somebody who is forgotten' AS finding,
  CAST(1 AS BIGINT) AS number,
  evidence
FROM (
  SELECT 'customer_landing' AS table_name, CONCAT('account ', shown('account', canonical(email))) AS evidence
  FROM customer_landing
  WHERE is_forgotten('account', email, registrationdate)
  UNION ALL
  SELECT 'accelerometer_landing' AS table_name, CONCAT('account ', shown('account', canonical(`user`))) AS evidence
  FROM accelerometer_landing
  WHERE is_forgotten('account', `user`, `timestamp`)
  UNION ALL
  SELECT 'step_trainer_landing' AS table_name, CONCAT('device ', shown('device', canonical(serialnumber))) AS evidence
  FROM step_trainer_landing
  WHERE is_forgotten('device', serialnumber, sensorreadingtime)
  UNION ALL
  SELECT 'rejected_landing' AS table_name, CONCAT(source_file, ' at byte ', CAST(source_offset AS STRING)) AS evidence
  FROM rejected_landing
  WHERE is_forgotten(fragment) OR is_forgotten('account', account)
  UNION ALL
  SELECT 'customer_trusted' AS table_name, CONCAT('account ', shown('account', account)) AS evidence
  FROM stored.customer_trusted
  WHERE is_forgotten('account', account, registrationdate)
  UNION ALL
  SELECT 'customer_curated' AS table_name, CONCAT('account ', shown('account', account)) AS evidence
  FROM stored.customer_curated
  WHERE is_forgotten('account', account, registrationdate)
  UNION ALL
  SELECT 'accelerometer_trusted' AS table_name, CONCAT('account ', shown('account', account)) AS evidence
  FROM stored.accelerometer_trusted
  WHERE is_forgotten('account', account, `timestamp`)
  UNION ALL
  SELECT 'step_trainer_trusted' AS table_name, CONCAT('device ', shown('device', device)) AS evidence
  FROM stored.step_trainer_trusted
  WHERE is_forgotten('device', device, sensorreadingtime)
  UNION ALL
  SELECT 'machine_learning_curated' AS table_name, CONCAT('customer_id ', customer_id) AS evidence
  FROM stored.machine_learning_curated
  WHERE is_forgotten('account', customer_id, `timestamp`) OR is_forgotten('device', device_id, sensorreadingtime)
);
