-- research_consent by pseudonym, for data that holds no personal data. Grouping makes the pseudonym the
-- key: the planner cannot know that two accounts never share one.
SELECT
  customer_id,
  MIN(device_id) AS device_id,
  MIN(usable_from) AS usable_from
FROM (
  SELECT pseudonym(account) AS customer_id, pseudonym(device) AS device_id, usable_from
  FROM research_consent
)
GROUP BY customer_id;
