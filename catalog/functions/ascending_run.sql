-- Which run a row belongs to: ascending_run(text, number). Rows that are read one after another are of one run as long as
-- they have the same text, and each a greater number than the one before. A task has runs of its own.
CREATE TEMPORARY SYSTEM FUNCTION ascending_run AS 'io.stedi.lakehouse.function.AscendingRun';
