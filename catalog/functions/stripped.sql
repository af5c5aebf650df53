-- A text without those of some characters that it begins or ends with: stripped(text, characters). What TRIM says,
-- without a search through the characters for a text that begins and ends with none of them.
CREATE TEMPORARY SYSTEM FUNCTION stripped AS 'io.stedi.lakehouse.function.Stripped';
