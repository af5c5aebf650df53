-- Every derived table holds the rows that its job makes of the landing tables, each as often, and no others.
SELECT
  '${table}' AS table_name,
  CASE WHEN SUM(surplus) > 0 THEN 'a row that the landing tables do not give' ELSE 'a row is missing' END AS finding,
  ABS(SUM(surplus)) AS number,
  ${evidence} AS evidence
FROM (
  SELECT ${columns}, CAST(1 AS BIGINT) AS surplus
  FROM stored.${table}
  UNION ALL
  SELECT ${columns}, CAST(-1 AS BIGINT) AS surplus
  FROM ${table}
)
GROUP BY ${columns}
HAVING SUM(surplus) <> 0;
