-- Whether a derived table differs from what its job makes: in the number of rows, or in the sum of a hash of each.
-- Sums go round at 64 bits, so that two tables that differ look equal once in 1.8e19.
SELECT '${table}' AS subject
FROM (
  SELECT COUNT(*) AS number, SUM(row_hash(${columns})) AS hashes
  FROM stored.${table}
  UNION ALL
  SELECT -COUNT(*) AS number, -SUM(row_hash(${columns})) AS hashes
  FROM ${table}
)
HAVING SUM(number) <> 0 OR COALESCE(SUM(hashes), 0) <> 0;
