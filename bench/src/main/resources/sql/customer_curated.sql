SELECT *
FROM customer_trusted
WHERE account IN (SELECT account FROM accelerometer_trusted)
