-- The current customers that have connected readings.
SELECT
  c.customername AS customerName,
  c.email,
  c.phone,
  c.birthday AS birthDay,
  c.serialnumber AS serialNumber,
  c.registrationdate AS registrationDate,
  c.lastupdatedate AS lastUpdateDate,
  c.sharewithresearchasofdate AS shareWithResearchAsOfDate,
  c.sharewithpublicasofdate AS shareWithPublicAsOfDate,
  c.sharewithfriendsasofdate AS shareWithFriendsAsOfDate
FROM customer_current AS c
JOIN (SELECT DISTINCT account FROM connected_instant) AS i
  ON i.account = c.account
ORDER BY email;
