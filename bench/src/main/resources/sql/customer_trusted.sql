SELECT customername, email, phone, birthday, serialnumber, registrationdate, lastupdatedate,
  sharewithresearchasofdate, sharewithpublicasofdate, sharewithfriendsasofdate,
  lower(trim(email)) AS account
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY lower(trim(email)) ORDER BY registrationdate DESC, lastupdatedate DESC
  ) AS version_rank
  FROM customer_landing
) AS versions
WHERE version_rank = 1 AND sharewithresearchasofdate IS NOT NULL
