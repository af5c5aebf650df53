-- The devices of curated customers, once each: a device can belong to several customers, and joining
-- those would multiply the readings. Where these spell it differently, one spelling stands for all.
--
-- The same customers as customer_curated has, but not taken from there, for the reason in research_consent.
-- Joined where EXISTS would do, for the reason in accelerometer_user.
SELECT c.device, MIN(c.serialnumber) AS serialnumber
FROM research_consent AS c
JOIN accelerometer_user AS a
  ON a.account = c.account
GROUP BY c.device;
