-- Every distinct customer record, however often and in however many files it arrived.
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
  COUNT(*) AS copies,
  canonical(email) AS account,
  canonical(serialnumber) AS device
FROM customer_landing
GROUP BY
  customername,
  email,
  phone,
  birthday,
  serialnumber,
  registrationdate,
  lastupdatedate,
  sharewithresearchasofdate,
  sharewithpublicasofdate,
  sharewithfriendsasofdate;
