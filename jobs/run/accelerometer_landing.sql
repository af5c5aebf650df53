-- Every valid accelerometer record, as it arrived. Its time is taken from event_time, which is the same
-- instant and carries the watermark to the pairing.
SELECT
  `user`,
  event_time AS `timestamp`,
  x,
  y,
  z,
  source_file,
  source_offset,
  undeclared_fields,
  arrived_late
FROM accelerometer_raw
WHERE reject_reason IS NULL;
