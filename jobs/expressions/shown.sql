-- How a text is shown to whoever checks a lake: no name, address or serial number, but its pseudonym, by which
-- those who may can find it. What is a pseudonym stays as it is.
CASE WHEN REGEXP(${text}, '^[0-9a-f]{64}$') THEN ${text} ELSE pseudonym(${text}) END
