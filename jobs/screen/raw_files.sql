-- Whether the landing table and the rejects of a kind of records differ from what is in the raw files that are still
-- there: in a file's number of places, or in the sum of a hash of each. While a stream reads them they always may.
SELECT 'raw_files' AS check_name, '${kind}' AS subject, ${written} OR COUNT(*) > 0 AS suspect
FROM (
  SELECT source_file
  FROM (
    SELECT
      source_file,
      COUNT(*) AS number_there,
      -COUNT(*) AS surplus,
      -SUM(row_hash(source_offset, reject_reason IS NOT NULL)) AS hashes
    FROM ${kind}_raw
    GROUP BY source_file
    UNION ALL
    SELECT source_file, 0 AS number_there, COUNT(*) AS surplus, SUM(row_hash(source_offset, FALSE)) AS hashes
    FROM ${kind}_landing
    GROUP BY source_file
    UNION ALL
    SELECT source_file, 0 AS number_there, COUNT(*) AS surplus, SUM(row_hash(source_offset, TRUE)) AS hashes
    FROM rejected_landing
    WHERE kind = '${kind}' AND command = 'run'
    GROUP BY source_file
  )
  GROUP BY source_file
  HAVING SUM(number_there) > 0 AND (SUM(surplus) <> 0 OR SUM(hashes) <> 0)
);
