-- Every valid step trainer record, as it arrived. Its time is taken from event_time, which is the same
-- instant and carries the watermark to the pairing.
SELECT
  event_time AS sensorreadingtime,
  serialnumber,
  distancefromobject,
  source_file,
  source_offset,
  undeclared_fields,
  arrived_late
FROM step_trainer_raw
WHERE reject_reason IS NULL;
