-- Since when the customers consent whose data is used.
SELECT DATE_FORMAT(sharewithresearchasofdate, 'yyyy-MM') AS consent_month, COUNT(*) AS customers
FROM customer_trusted
GROUP BY DATE_FORMAT(sharewithresearchasofdate, 'yyyy-MM')
ORDER BY consent_month;
