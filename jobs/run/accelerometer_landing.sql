-- Every valid accelerometer record, as it arrived, but of accounts that are forgotten.
SELECT
  `user`,
  `timestamp`,
  x,
  y,
  z,
  source_file,
  source_offset,
  undeclared_fields
FROM accelerometer_record
WHERE reject_reason IS NULL;
