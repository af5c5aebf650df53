-- Every valid accelerometer record, as it arrived.
SELECT
  `user`,
  `timestamp`,
  x,
  y,
  z,
  source_file,
  source_offset,
  undeclared_fields
FROM accelerometer_raw
WHERE reject_reason IS NULL;
