-- The one spelling of an e-mail address or a serial number, by which accounts and devices go: letter case and blanks around it
-- make no difference.
CREATE TEMPORARY SYSTEM FUNCTION canonical AS 'io.stedi.lakehouse.function.Canonical';
