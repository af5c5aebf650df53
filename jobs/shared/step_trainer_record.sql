-- Every fragment of the step trainer files, without the records of devices that are forgotten.
SELECT *
FROM step_trainer_raw
WHERE reject_reason IS NOT NULL OR NOT is_forgotten('device', serialnumber, sensorreadingtime);
