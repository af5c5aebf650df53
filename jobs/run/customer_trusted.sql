-- The customers whose current version consents to research. Who is forgotten while a stream runs is one no more, until the
-- account is registered anew.
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
FROM customer_current AS c
LEFT JOIN forgotten_account AS f
  ON f.account = c.account
WHERE c.sharewithresearchasofdate IS NOT NULL AND (f.asked IS NULL OR c.registrationdate > f.asked);
