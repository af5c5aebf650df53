-- Every fragment of the customer files: the valid records typed, the others with reject_reason set.
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
  reject_reason STRING,
  reject_bytes BYTES
) WITH (
  'connector' = 'filesystem',
  'path' = '${input.root}',
  'source.path.regex-pattern' = '${input.pattern.customer}',
  'format' = 'sensor-json',
  'sensor-json.optional-fields' = 'sharewithresearchasofdate;sharewithpublicasofdate;sharewithfriendsasofdate',
  'sensor-json.root' = '${input.root}'
);
