-- The reason of a reject, which it counts in a metric of Flink's by the kind of record and the reason.
CREATE TEMPORARY SYSTEM FUNCTION count_reject AS 'io.stedi.lakehouse.function.CountReject';
