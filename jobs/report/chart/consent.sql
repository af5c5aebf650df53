-- How many accounts are left at each step from a registration to a pair of readings.
SELECT step, accounts
FROM (
  SELECT 1 AS place, 'registered addresses' AS step, COUNT(DISTINCT LOWER(TRIM(email))) AS accounts
  FROM customer_landing
  UNION ALL
  SELECT 2 AS place, 'consent to research' AS step, COUNT(*) AS accounts
  FROM customer_trusted
  UNION ALL
  SELECT 3 AS place, 'with readings' AS step, COUNT(*) AS accounts
  FROM customer_curated
  UNION ALL
  SELECT 4 AS place, 'with paired readings' AS step, COUNT(DISTINCT customer_id) AS accounts
  FROM machine_learning_curated
)
ORDER BY place;
