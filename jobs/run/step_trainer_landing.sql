-- Every valid step trainer record, as it arrived.
SELECT
  sensorreadingtime,
  serialnumber,
  distancefromobject,
  source_file,
  source_offset,
  undeclared_fields
FROM step_trainer_raw
WHERE reject_reason IS NULL;
