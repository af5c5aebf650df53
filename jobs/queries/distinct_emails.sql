-- How many people there are behind the versions of all accounts: one e-mail address is one person.
SELECT COUNT(DISTINCT account) AS distinct_emails, COUNT(*) AS versions
FROM customer_cleaned_landing;
