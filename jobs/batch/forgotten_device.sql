-- Nothing, for the reason in forgotten_account.
SELECT device, asked
FROM (VALUES (CAST('' AS STRING), CAST(NULL AS TIMESTAMP_LTZ(6)))) AS nothing (device, asked)
WHERE FALSE;
