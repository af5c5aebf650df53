-- The devices of curated customers, once each: a device can belong to several customers, and joining
-- those would multiply the readings. Where these spell it differently, one spelling stands for all.
--
-- The same customers as customer_curated has, but not taken from there, for the reason in research_consent.
-- Joined where EXISTS would do, for the reason in accelerometer_user.
--
-- Of a device that is forgotten, and was registered anew, the readings count from then on: since, in milliseconds since 1970.
SELECT
  c.device,
  MIN(c.serialnumber) AS serialnumber,
  MAX(EXTRACT(EPOCH FROM f.asked) * 1000 + EXTRACT(MILLISECOND FROM f.asked) + 1) AS since
FROM research_consent AS c
JOIN accelerometer_user AS a
  ON a.account = c.account
LEFT JOIN forgotten_device AS f
  ON f.device = c.device
GROUP BY c.device;
