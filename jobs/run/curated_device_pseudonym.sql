-- curated_device by pseudonym, for data that holds no personal data.
SELECT DISTINCT pseudonym(device) AS device_id
FROM curated_device;
