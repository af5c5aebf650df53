-- The accounts with usable readings, once each. In batch those are the candidates, which are known before they are sorted
-- and made distinct, unless the trusted readings are in the lake already. Joined where EXISTS would do, because a query
-- inside EXISTS is planned apart from the rest, and would read the raw files a second time.
SELECT DISTINCT account
FROM accelerometer_trusted
WHERE NOT ${batch} OR ${from-lake.accelerometer_trusted}
UNION ALL
SELECT DISTINCT account
FROM accelerometer_candidate
WHERE ${batch} AND NOT ${from-lake.accelerometer_trusted};
