-- How many of the connected rows are left when only one customer per e-mail address counts: the account
-- registered last, in its latest version.
WITH version AS (
  SELECT
    email,
    serialnumber,
    ROW_NUMBER() OVER (
      PARTITION BY email
      ORDER BY registrationdate DESC, lastupdatedate DESC, sharewithresearchasofdate DESC, serialnumber DESC
    ) AS version_rank
  FROM customer_cleaned_landing
)
SELECT COUNT(*) AS reduced_rows
FROM version AS v
JOIN accelerometer_cleaned_landing AS a
  ON a."user" = v.email
JOIN step_trainer_cleaned_landing AS s
  ON s.serialnumber = v.serialnumber AND s.sensorreadingtime = a."timestamp"
WHERE v.version_rank = 1;
