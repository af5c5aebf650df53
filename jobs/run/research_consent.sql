-- What consent comes down to for a reading: whose it may be, which device goes with it, and from when
-- on. Every reading counts unless consent.from-date limits it to those at or after the consent date.
--
-- The same accounts as customer_trusted, but not taken from there: a new phone number makes a new row of
-- that, and would take back all readings of the account and bring them again. max_by hands on only what
-- differs.
SELECT
  account,
  latest.email AS email,
  latest.device AS device,
  latest.serialnumber AS serialnumber,
  latest.usable_from AS usable_from
FROM (
  SELECT
    account,
    max_by(
      CAST(
        ROW(email, device, serialnumber, usable_from)
        AS ROW<email STRING, device STRING, serialnumber STRING, usable_from TIMESTAMP_LTZ(6)>
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
)
WHERE latest.usable_from IS NOT NULL;
