-- Whether something that a derived table refers to may not be in the table it refers to: whether a hash of what is
-- referred to is on the one side alone.
SELECT 'all' AS subject
FROM (
  SELECT row_hash('customer', account) AS reference, 0 AS there
  FROM stored.customer_curated
  UNION ALL
  SELECT row_hash('customer', account) AS reference, 0 AS there
  FROM (SELECT DISTINCT account FROM stored.accelerometer_trusted)
  UNION ALL
  SELECT row_hash('customer', account) AS reference, 1 AS there
  FROM stored.customer_trusted
  UNION ALL
  SELECT row_hash('who moved', account) AS reference, 0 AS there
  FROM stored.customer_curated
  UNION ALL
  SELECT row_hash('who moved', account) AS reference, 1 AS there
  FROM (SELECT DISTINCT account FROM stored.accelerometer_trusted)
  UNION ALL
  SELECT row_hash('device', device) AS reference, 0 AS there
  FROM (SELECT DISTINCT device FROM stored.step_trainer_trusted)
  UNION ALL
  SELECT row_hash('device', ${identity(serialnumber)}) AS reference, 1 AS there
  FROM stored.customer_curated
)
GROUP BY reference
HAVING MAX(there) = 0
UNION ALL
SELECT 'all' AS subject
FROM (
  SELECT row_hash(sensorreadingtime, reading_id, customer_id) AS motion, 0 AS there
  FROM stored.machine_learning_curated
  UNION ALL
  SELECT /*+ BROADCAST(p) */ row_hash(a.`timestamp`, a.reading_id, p.customer_id) AS motion, 1 AS there
  FROM stored.accelerometer_trusted AS a
  JOIN (SELECT account, pseudonym(account) AS customer_id FROM stored.customer_trusted) AS p
    ON p.account = a.account
)
GROUP BY motion
HAVING MAX(there) = 0
UNION ALL
SELECT 'all' AS subject
FROM (
  SELECT row_hash(sensorreadingtime, distancefromobject, device_id) AS step, 0 AS there
  FROM stored.machine_learning_curated
  UNION ALL
  SELECT /*+ BROADCAST(p) */ row_hash(s.sensorreadingtime, s.distancefromobject, p.device_id) AS step, 1 AS there
  FROM stored.step_trainer_trusted AS s
  JOIN (
    SELECT device, pseudonym(device) AS device_id
    FROM (SELECT DISTINCT ${identity(serialnumber)} AS device FROM stored.customer_curated)
  ) AS p
    ON p.device = s.device
)
GROUP BY step
HAVING MAX(there) = 0;
