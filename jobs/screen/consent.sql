-- Whether a derived table may hold something of a person who does not consent, or of a time that the consent does not
-- cover: asked once of each account, customer and device, with the earliest of its readings.
SELECT 'all' AS subject
FROM (
  SELECT account, CAST(NULL AS TIMESTAMP_LTZ(6)) AS earliest
  FROM stored.customer_trusted
  UNION ALL
  SELECT account, CAST(NULL AS TIMESTAMP_LTZ(6)) AS earliest
  FROM stored.customer_curated
  UNION ALL
  SELECT account, MIN(`timestamp`) AS earliest
  FROM stored.accelerometer_trusted
  GROUP BY account
) AS t
LEFT JOIN research_consent AS c
  ON c.account = t.account
WHERE c.account IS NULL OR t.earliest < c.usable_from
UNION ALL
SELECT 'all' AS subject
FROM (SELECT DISTINCT device FROM stored.step_trainer_trusted) AS t
LEFT JOIN (SELECT DISTINCT device FROM research_consent) AS c
  ON c.device = t.device
WHERE c.device IS NULL
UNION ALL
SELECT 'all' AS subject
FROM (
  SELECT customer_id, MIN(sensorreadingtime) AS earliest
  FROM stored.machine_learning_curated
  GROUP BY customer_id
) AS t
LEFT JOIN (SELECT pseudonym(account) AS customer_id, usable_from FROM research_consent) AS c
  ON c.customer_id = t.customer_id
WHERE c.customer_id IS NULL OR t.earliest < c.usable_from;
