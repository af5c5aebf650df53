-- Whether a derived table differs from what its job makes of the tables that it reads, as these are in the lake. So where
-- none differs, each holds what the landing tables give. They are compared as sets, by a hash of each key and one of each
-- row: what a key tells has to be stored once, to be made, and to be the same. That the job may make it more than once
-- spares the readings their sort.
--
-- What a job joins its rows with holds for each of them: those of a table that does not differ are of people who consent,
-- and refer to what is there. If a table differs, this is asked of each row.
--
-- Hashes have 64 bits: a row looks equal to another once in 1.8e19.
SELECT c.check_name, '${table}' AS subject, t.number > 0 AS suspect
FROM (
  SELECT COUNT(*) AS number
  FROM (
    SELECT key_hash
    FROM (
      SELECT row_hash(${key}) AS key_hash, row_hash(${columns}) AS hash_of_row, 1 AS held
      FROM stored.${table}
      UNION ALL
      SELECT row_hash(${key}) AS key_hash, row_hash(${columns}) AS hash_of_row, 0 AS held
      FROM made.${table}
    )
    GROUP BY key_hash
    HAVING SUM(held) <> 1 OR COUNT(*) = 1 OR MIN(hash_of_row) <> MAX(hash_of_row)
  )
) AS t
CROSS JOIN (VALUES ('consent'), ('references'), ('same_rows'), ('unique_keys')) AS c (check_name);
