-- HMAC-SHA-256 of what a text is, 'account' or 'device', and of the text, under this lake's key, as 64 hexadecimal digits. The
-- key is read where the function runs and is never part of a statement.
CREATE TEMPORARY SYSTEM FUNCTION pseudonym AS 'io.stedi.lakehouse.function.Pseudonym';
