-- Who is forgotten, as the lake's table of this name has it, and in a stream who is from now on.
CREATE TEMPORARY TABLE forgotten (
  what STRING,
  id STRING,
  asked TIMESTAMP_LTZ(6)
) WITH (
  'connector' = 'stedi-forgotten',
  'monitor-interval' = '${forgotten.monitor-interval}'
);
