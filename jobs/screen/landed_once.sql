-- Whether a place of a raw file may be landed twice. Landing tables hold a file's records in the order of their places, as
-- far as one reader has read it and no longer than to the next commit: in such a run no place is twice, and in two runs
-- of a file only if one begins before the other has ended. Rejects, which are few, lie in no order: there are fewer hashes
-- of places than rows.
SELECT 'landed_once' AS check_name, 'all' AS subject, SUM(number) <> 0 AS suspect
FROM (
  SELECT COUNT(*) AS number
  FROM (
    SELECT
      first_offset,
      LAG(last_offset) OVER (PARTITION BY table_name, source_file ORDER BY first_offset) AS offset_before
    FROM (
      SELECT 'customer_landing' AS table_name, r.source_file, r.first_offset, r.last_offset
      FROM customer_landing AS l
      CROSS JOIN LATERAL TABLE(ascending_runs(COALESCE(l.source_file, ''), COALESCE(l.source_offset, -1)))
        AS r (source_file, first_offset, last_offset)
      UNION ALL
      SELECT 'accelerometer_landing' AS table_name, r.source_file, r.first_offset, r.last_offset
      FROM accelerometer_landing AS l
      CROSS JOIN LATERAL TABLE(ascending_runs(COALESCE(l.source_file, ''), COALESCE(l.source_offset, -1)))
        AS r (source_file, first_offset, last_offset)
      UNION ALL
      SELECT 'step_trainer_landing' AS table_name, r.source_file, r.first_offset, r.last_offset
      FROM step_trainer_landing AS l
      CROSS JOIN LATERAL TABLE(ascending_runs(COALESCE(l.source_file, ''), COALESCE(l.source_offset, -1)))
        AS r (source_file, first_offset, last_offset)
    )
  )
  WHERE first_offset <= offset_before
  UNION ALL
  SELECT COUNT(*) - COUNT(DISTINCT place) AS number
  FROM (
    SELECT row_hash(kind, source_file, source_offset, source_length) AS place
    FROM rejected_landing
    WHERE command = 'run'
  )
);
