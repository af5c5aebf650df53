-- The one spelling of an e-mail address or a serial number, by which accounts and devices go: letter case, blanks around it
-- and the Unicode form make no difference, nor what only surrounds an address, such as mailto: or a name.
CREATE TEMPORARY SYSTEM FUNCTION canonical AS 'io.stedi.lakehouse.function.Canonical';
