-- The landing tables and the rejects hold every record and every fragment of the raw files that are still there,
-- which together are all bytes of these, and nothing else of them.
--
-- While a stream reads them, only what is before the last place of a file that it has landed.
SELECT
  '${kind}_landing' AS table_name,
  CASE
    WHEN p.surplus > 0 THEN 'a place of a raw file that is not in it so'
    ELSE 'a place of a raw file that was not landed'
  END AS finding,
  ABS(p.surplus) AS number,
  CONCAT(p.source_file, ' at byte ', CAST(p.source_offset AS STRING)) AS evidence
FROM (
  SELECT source_file, source_offset, rejected, SUM(surplus) AS surplus
  FROM (
    SELECT source_file, source_offset, FALSE AS rejected, CAST(1 AS BIGINT) AS surplus
    FROM ${kind}_landing
    UNION ALL
    SELECT source_file, source_offset, TRUE AS rejected, CAST(1 AS BIGINT) AS surplus
    FROM rejected_landing
    WHERE kind = '${kind}' AND command = 'run'
    UNION ALL
    SELECT source_file, source_offset, reject_reason IS NOT NULL AS rejected, CAST(-1 AS BIGINT) AS surplus
    FROM ${kind}_record
  )
  GROUP BY source_file, source_offset, rejected
  HAVING SUM(surplus) <> 0
) AS p
JOIN (SELECT DISTINCT source_file FROM ${kind}_record) AS f
  ON f.source_file = p.source_file
LEFT JOIN (
  SELECT source_file, MAX(source_offset) AS source_offset
  FROM ${kind}_landing
  GROUP BY source_file
) AS l
  ON l.source_file = p.source_file
WHERE NOT ${written} OR p.source_offset <= l.source_offset;
