-- The value of the row whose text sorts last: max_by(value, text). Sorts as ORDER BY does, and lets nothing go on
-- when the value stays what it was, whatever else of the rows changes.
CREATE TEMPORARY SYSTEM FUNCTION max_by AS 'io.stedi.lakehouse.function.MaxBy';
