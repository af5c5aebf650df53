SELECT DISTINCT c.email AS user, a.timestamp, a.x, a.y, a.z, c.account
FROM accelerometer_landing AS a
JOIN customer_trusted AS c ON c.account = lower(trim(a.user))
