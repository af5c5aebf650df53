-- Where in the raw files there is something of somebody who is forgotten: a record of theirs or of their device, or a fragment
-- that names them.
SELECT source_file, source_offset, source_length
FROM customer_raw
WHERE is_forgotten('account', email, registrationdate) OR is_forgotten(reject_bytes)
UNION ALL
SELECT source_file, source_offset, source_length
FROM accelerometer_raw
WHERE is_forgotten('account', `user`, `timestamp`) OR is_forgotten(reject_bytes)
UNION ALL
SELECT source_file, source_offset, source_length
FROM step_trainer_raw
WHERE is_forgotten('device', serialnumber, sensorreadingtime) OR is_forgotten(reject_bytes);
