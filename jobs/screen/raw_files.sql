-- Whether the landing table and the rejects of a kind of records differ from what is in the raw files that are still
-- there: in the number of places, or in the sum of a hash of each. While a stream reads them they always may.
SELECT
  'raw_files' AS check_name,
  '${kind}' AS subject,
  ${written} OR SUM(number) <> 0 OR COALESCE(SUM(hashes), 0) <> 0 AS suspect
FROM (
  SELECT COUNT(*) AS number, SUM(row_hash(l.source_file, l.source_offset, l.rejected)) AS hashes
  FROM (
    SELECT source_file, source_offset, FALSE AS rejected
    FROM ${kind}_landing
    UNION ALL
    SELECT source_file, source_offset, TRUE AS rejected
    FROM rejected_landing
    WHERE kind = '${kind}' AND command = 'run'
  ) AS l
  JOIN (SELECT DISTINCT source_file FROM ${kind}_raw) AS f
    ON f.source_file = l.source_file
  UNION ALL
  SELECT -COUNT(*) AS number, -SUM(row_hash(source_file, source_offset, reject_reason IS NOT NULL)) AS hashes
  FROM ${kind}_raw
);
