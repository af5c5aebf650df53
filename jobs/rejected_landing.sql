-- Every fragment of the raw files that is not a valid record, whatever kind of file it was found in.
SELECT 'customer' AS kind, source_file, source_offset, source_length, reject_reason AS reason, reject_bytes AS fragment
FROM customer_raw
WHERE reject_reason IS NOT NULL
UNION ALL
SELECT 'accelerometer' AS kind, source_file, source_offset, source_length, reject_reason AS reason, reject_bytes AS fragment
FROM accelerometer_raw
WHERE reject_reason IS NOT NULL
UNION ALL
SELECT 'step_trainer' AS kind, source_file, source_offset, source_length, reject_reason AS reason, reject_bytes AS fragment
FROM step_trainer_raw
WHERE reject_reason IS NOT NULL;
