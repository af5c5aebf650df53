-- The runs of rows: ascending_runs(text, number), of rows that end. Rows that are read one after another are of one run as
-- long as they have the same text, and each a greater number than the one before. A task has runs of its own. Each run is
-- a row of its text and its first and last number, beside a row of the left side that means nothing.
CREATE TEMPORARY SYSTEM FUNCTION ascending_runs AS 'io.stedi.lakehouse.function.AscendingRuns';
