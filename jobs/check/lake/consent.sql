-- Nothing is in a derived table of a person who does not consent now, or of a time that the consent does not cover.
SELECT
  'customer_trusted' AS table_name,
  'a customer who does not consent' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account)) AS evidence
FROM stored.customer_trusted AS t
LEFT JOIN research_consent AS c
  ON c.account = t.account
WHERE c.account IS NULL
UNION ALL
SELECT
  'customer_curated' AS table_name,
  'a customer who does not consent' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account)) AS evidence
FROM stored.customer_curated AS t
LEFT JOIN research_consent AS c
  ON c.account = t.account
WHERE c.account IS NULL
UNION ALL
SELECT /*+ BROADCAST(c) */
  'accelerometer_trusted' AS table_name,
  'a reading that no consent covers' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('account ', shown('account', t.account), ' at ', CAST(t.`timestamp` AS STRING)) AS evidence
FROM stored.accelerometer_trusted AS t
LEFT JOIN research_consent AS c
  ON c.account = t.account AND t.`timestamp` >= c.usable_from
WHERE c.account IS NULL
UNION ALL
SELECT /*+ BROADCAST(c) */
  'step_trainer_trusted' AS table_name,
  'a device whose owner does not consent' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('device ', shown('device', t.device), ' at ', CAST(t.sensorreadingtime AS STRING)) AS evidence
FROM stored.step_trainer_trusted AS t
LEFT JOIN (SELECT DISTINCT device FROM research_consent) AS c
  ON c.device = t.device
WHERE c.device IS NULL
UNION ALL
SELECT /*+ BROADCAST(c) */
  'machine_learning_curated' AS table_name,
  'a reading that no consent covers' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('customer_id ', shown('account', t.customer_id), ' at ', CAST(t.sensorreadingtime AS STRING)) AS evidence
FROM stored.machine_learning_curated AS t
LEFT JOIN (SELECT pseudonym('account', account) AS customer_id, usable_from FROM research_consent) AS c
  ON c.customer_id = t.customer_id AND t.`timestamp` >= c.usable_from
WHERE c.customer_id IS NULL;
