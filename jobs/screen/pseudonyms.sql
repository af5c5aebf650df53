-- Whether a text in machine_learning_curated is no pseudonym, asked once of each.
SELECT 'all' AS subject
FROM (
  SELECT DISTINCT device_id, customer_id
  FROM stored.machine_learning_curated
)
WHERE NOT COALESCE(REGEXP(device_id, '^[0-9a-f]{64}$') AND REGEXP(customer_id, '^[0-9a-f]{64}$'), FALSE);
