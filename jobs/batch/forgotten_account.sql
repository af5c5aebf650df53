-- Nobody: in batch the records of accounts that are forgotten are left out before anything is made of them.
SELECT account, asked
FROM (VALUES (CAST('' AS STRING), CAST(NULL AS TIMESTAMP_LTZ(6)))) AS nobody (account, asked)
WHERE FALSE;
