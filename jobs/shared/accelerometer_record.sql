-- Every fragment of the accelerometer files, without the records of accounts that are forgotten.
SELECT *
FROM accelerometer_raw
WHERE reject_reason IS NOT NULL OR NOT is_forgotten('account', `user`, `timestamp`);
