-- How a text is shown to whoever checks a lake: shown(what, text). No name, address or serial number, but its pseudonym. What
-- is a pseudonym stays as it is.
CREATE TEMPORARY SYSTEM FUNCTION shown AS 'io.stedi.lakehouse.function.Shown';
