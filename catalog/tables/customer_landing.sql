CREATE TABLE IF NOT EXISTS customer_landing (
  customername STRING COMMENT 'full name, null if not given',
  email STRING COMMENT 'e-mail address, names the account',
  phone STRING COMMENT 'telephone number as it was typed in, null if not given',
  birthday STRING COMMENT 'birthday as it was typed in, null if not given: text, because years such as 1399 occur',
  serialnumber STRING COMMENT 'serial number of the step trainer registered with the account',
  registrationdate TIMESTAMP_LTZ(6) COMMENT 'when the account was registered',
  lastupdatedate TIMESTAMP_LTZ(6) COMMENT 'when this version of the account was written',
  sharewithresearchasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be used for research, null if it may not',
  sharewithpublicasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be shared with the public, null if it may not',
  sharewithfriendsasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be shared with friends, null if it may not',
  source_file STRING COMMENT 'file the record was read from, relative to the input',
  source_offset BIGINT COMMENT 'offset of the record in the decompressed file, bytes',
  undeclared_fields STRING COMMENT 'fields of the record that have no column here, null if none',
  unusable_values STRING COMMENT 'values of the record that were taken for null, as column=spelling, null if none'
) WITH (
  'comment' = 'every customer record that arrived, typed, append-only; all versions of all accounts',
  'stedi.forget.account' = 'email, registrationdate',
  'stedi.forget.owned-device' = 'serialnumber',
  'write.metadata.metrics.column.undeclared_fields' = 'counts',
  'write.metadata.metrics.column.unusable_values' = 'counts',
  'write.metadata.metrics.column.customername' = 'counts',
  'write.metadata.metrics.column.email' = 'counts',
  'write.metadata.metrics.column.phone' = 'counts',
  'write.metadata.metrics.column.birthday' = 'counts',
  'write.metadata.metrics.column.serialnumber' = 'counts'
);
