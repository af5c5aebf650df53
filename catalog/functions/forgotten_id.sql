-- What the table forgotten names an account or a device by: forgotten_id(what, text), for its canonical spelling.
CREATE TEMPORARY SYSTEM FUNCTION forgotten_id AS 'io.stedi.lakehouse.function.ForgottenId';
