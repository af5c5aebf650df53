-- Every valid step trainer record, as it arrived. Its time carries the watermark to the pairing.
SELECT
  sensorreadingtime,
  serialnumber,
  distancefromobject,
  source_file,
  source_offset,
  undeclared_fields,
  arrived_late
FROM step_trainer_raw
WHERE reject_reason IS NULL;
