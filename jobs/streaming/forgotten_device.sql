-- The devices that are forgotten, as forgotten_account has the accounts.
SELECT v.device, MAX(f.asked) AS asked
FROM (SELECT DISTINCT device FROM customer_version) AS v
JOIN forgotten AS f
  ON f.what = 'device' AND f.id = forgotten_id('device', v.device)
GROUP BY v.device;
