-- The devices of curated customers, once each: a device can belong to several customers, and joining
-- those would multiply the readings. Joined where EXISTS would do, for the reason in accelerometer_user.
SELECT DISTINCT serialnumber
FROM customer_curated;
