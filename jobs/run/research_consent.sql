-- What consent comes down to for a reading: whose it may be, which device goes with it, and from when
-- on. Every reading counts unless consent.from-date limits it to those at or after the consent date.
SELECT
  account,
  email,
  ${identity(serialnumber)} AS device,
  CASE
    WHEN ${consent.from-date} THEN sharewithresearchasofdate
    ELSE CAST(TO_TIMESTAMP_LTZ(0, 3) AS TIMESTAMP_LTZ(6))
  END AS usable_from
FROM customer_trusted;
