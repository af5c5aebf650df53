-- research_consent with the pseudonym of each account, made once for all of its readings.
SELECT
  account,
  pseudonym(account) AS customer_id,
  device,
  usable_from
FROM research_consent;
