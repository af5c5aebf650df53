-- Values of customers that their column cannot hold; they are kept as shapes that name nobody.
SELECT unusable_values AS value_shapes, COUNT(*) AS records
FROM customer_landing
WHERE unusable_values IS NOT NULL
GROUP BY unusable_values
ORDER BY records DESC, value_shapes
LIMIT 50;
