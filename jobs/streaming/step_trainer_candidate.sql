-- The landed step readings that may be used some day: all of them, as accelerometer_candidate has those of the phones.
SELECT canonical(serialnumber) AS device, sensorreadingtime, distancefromobject
FROM step_trainer_landing;
