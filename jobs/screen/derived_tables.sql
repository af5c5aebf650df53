-- Whether everything in the derived tables is there once and is somebody's who consents, and whether all that they refer
-- to is there. A thing is a hash, and has to be held by one row; what is nobody's is no thing, and held by none. Holders
-- are summed up, and not counted by a FILTER, which keeps Flink from seeing that to aggregate before the shuffle is in vain.
SELECT c.check_name, 'all' AS subject, t.number > 0 AS suspect
FROM (
  SELECT COUNT(*) AS number
  FROM (
    WITH
      owner AS (
        SELECT t.account, pseudonym(t.account) AS customer_id, row_hash(t.account) AS number, c.usable_from
        FROM (SELECT DISTINCT account FROM stored.customer_trusted) AS t
        JOIN research_consent AS c
          ON c.account = t.account
      ),
      device AS (
        SELECT t.device, pseudonym(t.device) AS device_id, row_hash(t.device) AS number
        FROM (SELECT DISTINCT ${identity(serialnumber)} AS device FROM stored.customer_curated) AS t
        JOIN (SELECT DISTINCT device FROM research_consent) AS c
          ON c.device = t.device
      )
    SELECT thing
    FROM (
      SELECT row_hash('customer', o.account) AS thing, CASE WHEN o.account IS NOT NULL THEN 1 ELSE 0 END AS held
      FROM stored.customer_trusted AS t
      LEFT JOIN owner AS o
        ON o.account = t.account
      UNION ALL
      SELECT row_hash('customer', account) AS thing, 0 AS held
      FROM stored.customer_curated
      UNION ALL
      SELECT row_hash('curated customer', account) AS thing, 1 AS held
      FROM stored.customer_curated
      UNION ALL
      SELECT row_hash('who moved', account) AS thing, 0 AS held
      FROM stored.customer_curated
      UNION ALL
      SELECT row_hash('who moved', account) AS thing, 1 AS held
      FROM (SELECT DISTINCT account FROM stored.accelerometer_trusted)
      UNION ALL
      SELECT /*+ BROADCAST(o) */
        row_hash('motion', t.`timestamp`, t.reading_id, o.number) AS thing,
        CASE WHEN o.number IS NOT NULL THEN 1 ELSE 0 END AS held
      FROM stored.accelerometer_trusted AS t
      LEFT JOIN owner AS o
        ON o.account = t.account AND t.`timestamp` >= o.usable_from
      UNION ALL
      SELECT /*+ BROADCAST(d) */
        row_hash('step', t.sensorreadingtime, t.distancefromobject, d.number) AS thing,
        CASE WHEN d.number IS NOT NULL THEN 1 ELSE 0 END AS held
      FROM stored.step_trainer_trusted AS t
      LEFT JOIN device AS d
        ON d.device = t.device
      UNION ALL
      SELECT thing, CASE WHEN place = 3 AND thing IS NOT NULL THEN 1 ELSE 0 END AS held
      FROM (
        SELECT /*+ BROADCAST(o), BROADCAST(d) */
          ARRAY[
            row_hash('motion', t.sensorreadingtime, t.reading_id, o.number),
            row_hash('step', t.sensorreadingtime, t.distancefromobject, d.number),
            CASE
              WHEN o.number IS NOT NULL AND d.number IS NOT NULL
                THEN row_hash('pair', t.sensorreadingtime, d.number, t.distancefromobject, o.number, t.reading_id)
            END
          ] AS parts
        FROM stored.machine_learning_curated AS t
        LEFT JOIN owner AS o
          ON o.customer_id = t.customer_id AND t.sensorreadingtime >= o.usable_from
        LEFT JOIN device AS d
          ON d.device_id = t.device_id
      )
      CROSS JOIN UNNEST(parts) WITH ORDINALITY AS part (thing, place)
    )
    GROUP BY thing
    HAVING SUM(held) <> 1
  )
) AS t
CROSS JOIN (VALUES ('consent'), ('pseudonyms'), ('references'), ('unique_keys')) AS c (check_name);
