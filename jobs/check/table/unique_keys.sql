-- No two rows of a derived table have the same primary key, which Iceberg itself does not look after.
SELECT
  '${table}' AS table_name,
  'a primary key is there more than once' AS finding,
  COUNT(*) - 1 AS number,
  ${evidence} AS evidence
FROM stored.${table}
GROUP BY ${key}
HAVING COUNT(*) > 1;
