-- The accounts that are forgotten, with the time up to which they are: a stream holds what it has read before.
--
-- Whoever joins them goes by the account. By the keyed hash, the planner would lose the account as the key of what comes out,
-- and a reading would no more find its consent by it.
SELECT v.account, MAX(f.asked) AS asked
FROM (SELECT DISTINCT account FROM customer_version) AS v
JOIN forgotten AS f
  ON f.what = 'account' AND f.id = forgotten_id('account', v.account)
GROUP BY v.account;
