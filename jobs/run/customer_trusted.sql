-- The customers whose current version consents to research.
SELECT
  customername,
  email,
  phone,
  birthday,
  serialnumber,
  registrationdate,
  lastupdatedate,
  sharewithresearchasofdate,
  sharewithpublicasofdate,
  sharewithfriendsasofdate,
  account
FROM customer_current
WHERE sharewithresearchasofdate IS NOT NULL;
