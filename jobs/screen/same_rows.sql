-- Whether a derived table differs from what its job makes of the tables that it reads, as these are in the lake: in the
-- number of rows, or in the sum of a hash of each. So where none differs, each holds what the landing tables give.
-- Sums go round at 64 bits, so that two tables that differ look equal once in 1.8e19.
SELECT
  'same_rows' AS check_name,
  '${table}' AS subject,
  SUM(number) <> 0 OR COALESCE(SUM(hashes), 0) <> 0 AS suspect
FROM (
  SELECT COUNT(*) AS number, SUM(row_hash(${columns})) AS hashes
  FROM stored.${table}
  UNION ALL
  SELECT -COUNT(*) AS number, -SUM(row_hash(${columns})) AS hashes
  FROM made.${table}
);
