-- The distances that the step trainers of consenting customers measured, in steps of twenty.
SELECT CONCAT(CAST(bucket * 20 AS STRING), ' to ', CAST(bucket * 20 + 19 AS STRING)) AS distance, steps
FROM (
  SELECT distancefromobject / 20 AS bucket, COUNT(*) AS steps
  FROM step_trainer_trusted
  GROUP BY distancefromobject / 20
  ORDER BY bucket
  LIMIT 60
)
ORDER BY bucket;
