-- Every valid customer record, as it arrived.
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
  source_file,
  source_offset,
  undeclared_fields,
  unusable_values
FROM customer_raw
WHERE reject_reason IS NULL;
