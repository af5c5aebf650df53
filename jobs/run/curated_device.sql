-- The devices of curated customers, once each: a device can belong to several customers, and joining
-- those would multiply the readings. Where these spell it differently, one spelling stands for all.
-- Joined where EXISTS would do, for the reason in accelerometer_user.
SELECT device, MIN(serialnumber) AS serialnumber
FROM (
  SELECT ${identity(serialnumber)} AS device, serialnumber
  FROM customer_curated
)
GROUP BY device;
