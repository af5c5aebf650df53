-- When a device was held by an account that does not consent: from a registration of the device until the account
-- registered again, in milliseconds since 1970. Nobody is asked but the owner, unless consent.every-holder is true.
WITH
  registration AS (
    SELECT DISTINCT
      account,
      device,
      EXTRACT(EPOCH FROM registrationdate) * 1000 + EXTRACT(MILLISECOND FROM registrationdate) AS since
    FROM customer_version
    WHERE ${consent.every-holder}
  )
SELECT
  r.device,
  r.since,
  MIN(n.since) AS until
FROM registration AS r
LEFT JOIN registration AS n
  ON n.account = r.account
  AND n.since > r.since
LEFT JOIN research_consent AS c
  ON c.account = r.account
WHERE c.account IS NULL
GROUP BY r.account, r.device, r.since;
