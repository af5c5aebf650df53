-- Whether a place of a raw file may be landed twice: whether there are fewer hashes of places than rows.
SELECT 'landed_once' AS check_name, 'all' AS subject, SUM(number) <> 0 AS suspect
FROM (
  SELECT COUNT(*) AS number
  FROM (SELECT DISTINCT row_hash(source_file, source_offset) AS place FROM customer_landing)
  UNION ALL
  SELECT -COUNT(*) AS number
  FROM customer_landing
  UNION ALL
  SELECT COUNT(*) AS number
  FROM (SELECT DISTINCT row_hash(source_file, source_offset) AS place FROM accelerometer_landing)
  UNION ALL
  SELECT -COUNT(*) AS number
  FROM accelerometer_landing
  UNION ALL
  SELECT COUNT(*) AS number
  FROM (SELECT DISTINCT row_hash(source_file, source_offset) AS place FROM step_trainer_landing)
  UNION ALL
  SELECT -COUNT(*) AS number
  FROM step_trainer_landing
  UNION ALL
  SELECT COUNT(*) AS number
  FROM (
    SELECT DISTINCT row_hash(kind, source_file, source_offset, source_length) AS place
    FROM rejected_landing
    WHERE command = 'run'
  )
  UNION ALL
  SELECT -COUNT(*) AS number
  FROM rejected_landing
  WHERE command = 'run'
);
