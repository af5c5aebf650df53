-- What a derived table refers to is in the table it refers to.
SELECT
  'customer_curated' AS table_name,
  'a customer who is not in customer_trusted' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account)) AS evidence
FROM stored.customer_curated AS t
LEFT JOIN stored.customer_trusted AS r
  ON r.account = t.account
WHERE r.account IS NULL
UNION ALL
SELECT
  'customer_curated' AS table_name,
  'a customer without readings in accelerometer_trusted' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account)) AS evidence
FROM stored.customer_curated AS t
LEFT JOIN (SELECT DISTINCT account FROM stored.accelerometer_trusted) AS r
  ON r.account = t.account
WHERE r.account IS NULL
UNION ALL
SELECT
  'accelerometer_trusted' AS table_name,
  'a reading of nobody in customer_trusted' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account), ' at ', CAST(t.`timestamp` AS STRING)) AS evidence
FROM stored.accelerometer_trusted AS t
LEFT JOIN (SELECT DISTINCT account FROM stored.customer_trusted) AS r
  ON r.account = t.account
WHERE r.account IS NULL
UNION ALL
SELECT
  'step_trainer_trusted' AS table_name,
  'a reading of nobody''s device in customer_curated' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('device ', shown('device', t.device), ' at ', CAST(t.sensorreadingtime AS STRING)) AS evidence
FROM stored.step_trainer_trusted AS t
LEFT JOIN (SELECT DISTINCT canonical(serialnumber) AS device FROM stored.customer_curated) AS r
  ON r.device = t.device
WHERE r.device IS NULL
UNION ALL
SELECT
  'machine_learning_curated' AS table_name,
  'a motion that is not in accelerometer_trusted' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('customer_id ', shown('account', t.customer_id), ' at ', CAST(t.sensorreadingtime AS STRING)) AS evidence
FROM stored.machine_learning_curated AS t
LEFT JOIN (
  SELECT DISTINCT a.`timestamp`, a.reading_id, p.customer_id
  FROM stored.accelerometer_trusted AS a
  JOIN (SELECT account, pseudonym('account', account) AS customer_id FROM stored.customer_trusted) AS p
    ON p.account = a.account
) AS r
  ON r.`timestamp` = t.`timestamp` AND r.reading_id = t.reading_id AND r.customer_id = t.customer_id
WHERE r.customer_id IS NULL
UNION ALL
SELECT
  'machine_learning_curated' AS table_name,
  'a step that is not in step_trainer_trusted' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('device_id ', shown('device', t.device_id), ' at ', CAST(t.sensorreadingtime AS STRING)) AS evidence
FROM stored.machine_learning_curated AS t
LEFT JOIN (
  SELECT DISTINCT s.sensorreadingtime, s.distancefromobject, p.device_id
  FROM stored.step_trainer_trusted AS s
  JOIN (
    SELECT device, pseudonym('device', device) AS device_id
    FROM (SELECT DISTINCT canonical(serialnumber) AS device FROM stored.customer_curated)
  ) AS p
    ON p.device = s.device
) AS r
  ON r.sensorreadingtime = t.sensorreadingtime
  AND r.distancefromobject = t.distancefromobject
  AND r.device_id = t.device_id
WHERE r.device_id IS NULL;
