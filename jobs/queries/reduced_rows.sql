-- How many of the connected rows are left when only one customer per e-mail address counts: the account
-- registered last, in its latest version. Ties are broken as in jobs/shared/customer_version.sql, as far as they
-- decide which device it is.
WITH version AS (
  SELECT
    account,
    device,
    ROW_NUMBER() OVER (
      PARTITION BY account
      ORDER BY
        registrationdate DESC,
        lastupdatedate DESC,
        CASE WHEN sharewithresearchasofdate IS NULL THEN 1 ELSE 0 END DESC,
        sharewithresearchasofdate DESC NULLS LAST,
        sharewithpublicasofdate DESC NULLS LAST,
        sharewithfriendsasofdate DESC NULLS LAST,
        device DESC
    ) AS version_rank
  FROM customer_cleaned_landing
)
SELECT COUNT(*) AS reduced_rows
FROM version AS v
JOIN accelerometer_cleaned_landing AS a
  ON a.account = v.account
JOIN step_trainer_cleaned_landing AS s
  ON s.device = v.device AND s.sensorreadingtime = a."timestamp"
WHERE v.version_rank = 1;
