-- Whether a record is of an account or a device that is forgotten: is_forgotten(what, text, time), with the record's time if
-- it has one; or whether bytes name one: is_forgotten(bytes). A record of a time after it was asked is not.
CREATE TEMPORARY SYSTEM FUNCTION is_forgotten AS 'io.stedi.lakehouse.pipeline.IsForgotten';
