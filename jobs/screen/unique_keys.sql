-- Whether two rows of a derived table may have the same primary key: whether there are fewer hashes of keys than rows.
SELECT '${table}' AS subject
FROM (
  SELECT COUNT(*) AS number
  FROM (SELECT DISTINCT row_hash(${key}) AS key_hash FROM stored.${table})
  UNION ALL
  SELECT -COUNT(*) AS number
  FROM stored.${table}
)
HAVING SUM(number) <> 0;
