-- How strongly the phones of consenting customers moved: the length of the vector (x, y, z), rounded down.
SELECT CAST(strength AS STRING) AS strength, readings
FROM (
  SELECT CAST(FLOOR(SQRT(x * x + y * y + z * z)) AS BIGINT) AS strength, COUNT(*) AS readings
  FROM accelerometer_trusted
  GROUP BY CAST(FLOOR(SQRT(x * x + y * y + z * z)) AS BIGINT)
  ORDER BY strength
  LIMIT 60
)
ORDER BY CAST(strength AS BIGINT);
