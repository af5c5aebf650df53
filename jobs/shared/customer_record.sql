-- Every fragment of the customer files, without the records of accounts that are forgotten.
SELECT *
FROM customer_raw
WHERE reject_reason IS NOT NULL OR NOT is_forgotten('account', email, registrationdate);
