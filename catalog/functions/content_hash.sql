-- 64 bits that tell apart the readings of one sensor at one instant. Iceberg allows no floating
-- point number in a primary key, so the measured values enter keys through this hash.
CREATE TEMPORARY SYSTEM FUNCTION content_hash AS 'io.stedi.lakehouse.function.ContentHash';
