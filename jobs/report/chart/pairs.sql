-- How many pairs are of one customer, and how many only of the same time.
SELECT
  CASE WHEN device_matched THEN 'same customer' ELSE 'coincidence' END AS pair,
  COUNT(*) AS pairs
FROM machine_learning_curated
GROUP BY CASE WHEN device_matched THEN 'same customer' ELSE 'coincidence' END
ORDER BY pair DESC;
