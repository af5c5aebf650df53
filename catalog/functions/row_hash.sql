-- 64 bits that tell rows apart: row_hash(column, ...). By sums and sets of them tables are compared at little cost.
CREATE TEMPORARY SYSTEM FUNCTION row_hash AS 'io.stedi.lakehouse.function.RowHash';
