-- Every trusted step reading with every trusted accelerometer reading of the same instant, whoever they
-- belong to. Batch knows what is trusted before it pairs; a stream, to which consent may still come, pairs all distinct
-- readings, as jobs/streaming/reading_pair.sql says.
--
-- To be written, both sides are sorted and merged: pairs in the order of time take a third of the room that those in the
-- order of a hash do. To be compared they need no order, and steps, of which there are fewer, go into a hash table. The
-- moment is the time in a type that Flink sorts by its bytes.
SELECT /*+ ${pairing-join}(s) */
  s.event_time,
  s.device,
  s.distancefromobject,
  a.account,
  a.reading_id,
  a.x,
  a.y,
  a.z
FROM (
  SELECT
    CAST(sensorreadingtime AS TIMESTAMP(3)) AS moment,
    sensorreadingtime AS event_time,
    device,
    distancefromobject
  FROM step_trainer_trusted
) AS s
JOIN (
  SELECT CAST(`timestamp` AS TIMESTAMP(3)) AS moment, account, reading_id, x, y, z
  FROM accelerometer_trusted
) AS a
  ON a.moment = s.moment;
