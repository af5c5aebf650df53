-- The devices of curated customers with the pseudonym of each, made once for all of its readings.
SELECT
  device,
  pseudonym(device) AS device_id
FROM curated_device;
