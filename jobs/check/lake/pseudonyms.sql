-- Nothing in machine_learning_curated names a person or a device: all its texts are pseudonyms.
SELECT
  'machine_learning_curated' AS table_name,
  'a text that is no pseudonym' AS finding,
  CAST(1 AS BIGINT) AS number,
  CONCAT('reading_id ', CAST(reading_id AS STRING), ' at ', CAST(sensorreadingtime AS STRING)) AS evidence
FROM stored.machine_learning_curated
WHERE NOT COALESCE(REGEXP(device_id, '^[0-9a-f]{64}$') AND REGEXP(customer_id, '^[0-9a-f]{64}$'), FALSE);
