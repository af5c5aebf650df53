-- Whether a text in machine_learning_curated is no pseudonym, whatever its job makes.
SELECT 'pseudonyms' AS check_name, 'all' AS subject, COUNT(*) > 0 AS suspect
FROM stored.machine_learning_curated
WHERE NOT COALESCE(REGEXP(device_id, '^[0-9a-f]{64}$') AND REGEXP(customer_id, '^[0-9a-f]{64}$'), FALSE);
