CREATE TABLE IF NOT EXISTS customer_curated (
  customername STRING COMMENT 'full name, null if not given',
  email STRING COMMENT 'e-mail address, names the account',
  phone STRING COMMENT 'telephone number as it was typed in, null if not given',
  birthday STRING COMMENT 'birthday as it was typed in, null if not given: text, because years such as 1399 occur',
  serialnumber STRING COMMENT 'serial number of the step trainer registered with the account',
  registrationdate TIMESTAMP_LTZ(6) COMMENT 'when the account was registered',
  lastupdatedate TIMESTAMP_LTZ(6) COMMENT 'when this version of the account was written',
  sharewithresearchasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be used for research',
  sharewithpublicasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be shared with the public, null if it may not',
  sharewithfriendsasofdate TIMESTAMP_LTZ(6) COMMENT 'since when the data may be shared with friends, null if it may not',
  account STRING COMMENT 'e-mail address in lower case without blanks around it: one account, however it was spelled',
  PRIMARY KEY (account) NOT ENFORCED
) WITH (
  'comment' = 'the customers of customer_trusted that have accelerometer readings',
  'stedi.forget.account' = 'account, registrationdate',
  'stedi.forget.owned-device' = 'serialnumber',
  'write.metadata.metrics.column.customername' = 'counts',
  'write.metadata.metrics.column.email' = 'counts',
  'write.metadata.metrics.column.phone' = 'counts',
  'write.metadata.metrics.column.birthday' = 'counts',
  'write.metadata.metrics.column.serialnumber' = 'counts',
  'write.metadata.metrics.column.account' = 'counts'
);
