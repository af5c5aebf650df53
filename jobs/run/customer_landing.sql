-- Every valid customer record, as it arrived, but of accounts that are forgotten.
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
FROM customer_record
WHERE reject_reason IS NULL;
