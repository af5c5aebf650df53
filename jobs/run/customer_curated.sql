-- The trusted customers that have usable accelerometer readings.
SELECT
  c.customername,
  c.email,
  c.phone,
  c.birthday,
  c.serialnumber,
  c.registrationdate,
  c.lastupdatedate,
  c.sharewithresearchasofdate,
  c.sharewithpublicasofdate,
  c.sharewithfriendsasofdate,
  c.account
FROM customer_trusted AS c
JOIN accelerometer_user AS a
  ON a.account = c.account;
