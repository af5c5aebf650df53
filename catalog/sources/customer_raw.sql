-- Every fragment of the customer files: the valid records typed, the others with reject_reason set.
--
-- Required is only what the rules need. A date of consent that is no instant in range, however that is
-- spelled, is no consent, and unusable_values tells how it was spelled: were the record rejected, an
-- older version with consent would stay current. Rejects are kept long enough to find whose they are.
CREATE TEMPORARY TABLE customer_raw (
  customername STRING,
  email STRING,
  phone STRING,
  birthday STRING,
  serialnumber STRING,
  registrationdate TIMESTAMP_LTZ(3),
  lastupdatedate TIMESTAMP_LTZ(3),
  sharewithresearchasofdate TIMESTAMP_LTZ(3),
  sharewithpublicasofdate TIMESTAMP_LTZ(3),
  sharewithfriendsasofdate TIMESTAMP_LTZ(3),
  source_file STRING,
  source_offset BIGINT,
  source_length BIGINT,
  undeclared_fields STRING,
  unusable_values STRING,
  reject_reason STRING,
  reject_bytes BYTES
) WITH (
  'connector' = 'sensor-json',
  'path' = '${input.root}',
  'pattern' = '${input.pattern.customer}',
  'optional-fields' = 'customername;phone;birthday;sharewithresearchasofdate;sharewithpublicasofdate;sharewithfriendsasofdate',
  'reject-bytes-limit' = '64 kb',
  'root' = '${input.root}',
  'monitor-interval' = '${streaming.monitor-interval}',
  'settle-time' = '${streaming.settle-time}'
);
