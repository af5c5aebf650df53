-- What consent comes down to for a reading: whose it may be, which device goes with it, and from when
-- on. Every reading counts unless consent.from-date limits it to those at or after the consent date.
--
-- The same accounts as customer_trusted, but not taken from there: a new phone number makes a new row of
-- that, and would take back all readings of the account and bring them again. max_by hands on only what
-- differs.
--
-- Of an account that is forgotten nothing may be used until it is registered anew, and then nothing of before.
SELECT
  c.account,
  c.latest.email AS email,
  c.latest.device AS device,
  c.latest.serialnumber AS serialnumber,
  CASE
    WHEN f.asked >= c.latest.usable_from THEN f.asked + INTERVAL '0.001' SECOND(1, 3)
    ELSE c.latest.usable_from
  END AS usable_from
FROM (
  SELECT
    account,
    max_by(
      CAST(
        ROW(email, device, serialnumber, registrationdate, usable_from)
        AS ROW<
          email STRING,
          device STRING,
          serialnumber STRING,
          registrationdate TIMESTAMP_LTZ(6),
          usable_from TIMESTAMP_LTZ(6)
        >
      ),
      version
    ) AS latest
  FROM (
    SELECT
      *,
      CASE
        WHEN sharewithresearchasofdate IS NULL OR ${consent.from-date} THEN sharewithresearchasofdate
        ELSE CAST(TO_TIMESTAMP_LTZ(0, 3) AS TIMESTAMP_LTZ(6))
      END AS usable_from
    FROM customer_version
  )
  GROUP BY account
) AS c
LEFT JOIN forgotten_account AS f
  ON f.account = c.account
WHERE c.latest.usable_from IS NOT NULL AND (f.asked IS NULL OR c.latest.registrationdate > f.asked);
