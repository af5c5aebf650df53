-- Every valid accelerometer record, as it arrived. Its time carries the watermark to the pairing.
SELECT
  `user`,
  `timestamp`,
  x,
  y,
  z,
  source_file,
  source_offset,
  undeclared_fields,
  arrived_late
FROM accelerometer_raw
WHERE reject_reason IS NULL;
