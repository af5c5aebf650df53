-- One row per account, which is an e-mail address however spelled: the one registered last, in its
-- latest version.
SELECT
  account,
  customername,
  email,
  phone,
  birthday,
  device,
  serialnumber,
  registrationdate,
  lastupdatedate,
  sharewithresearchasofdate,
  sharewithpublicasofdate,
  sharewithfriendsasofdate
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY account ORDER BY version DESC) AS version_rank
  FROM customer_version
)
WHERE version_rank = 1;
