-- Every valid step trainer record, as it arrived, but of devices that are forgotten.
SELECT
  sensorreadingtime,
  serialnumber,
  distancefromobject,
  source_file,
  source_offset,
  undeclared_fields
FROM step_trainer_record
WHERE reject_reason IS NULL;
