-- The accounts with usable readings, once each. Joined where EXISTS would do, because a query inside EXISTS is planned apart
-- from the rest, and would read the raw files a second time.
SELECT DISTINCT account
FROM accelerometer_trusted;
