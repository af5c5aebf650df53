-- Every version of every account with what tells which of them is current: the one whose version sorts last.
--
-- The version is one text that sorts as (registrationdate, lastupdatedate, tie-break) does. One column,
-- because a streaming ROW_NUMBER() = 1 over several of them silently drops its retractions (FLINK-40368).
-- The times are written in UTC and have four-digit years, so that text order is time order. Where both
-- times tie, the version without consent wins, since using data by mistake is worse than missing some;
-- what then still differs only has to be decided the same way in every run. The parts are separated by a
-- character that sorts before all others, so that they count one after the other.
SELECT
  canonical(email) AS account,
  customername,
  email,
  phone,
  birthday,
  canonical(serialnumber) AS device,
  serialnumber,
  CAST(registrationdate AS TIMESTAMP_LTZ(6)) AS registrationdate,
  CAST(lastupdatedate AS TIMESTAMP_LTZ(6)) AS lastupdatedate,
  CAST(sharewithresearchasofdate AS TIMESTAMP_LTZ(6)) AS sharewithresearchasofdate,
  CAST(sharewithpublicasofdate AS TIMESTAMP_LTZ(6)) AS sharewithpublicasofdate,
  CAST(sharewithfriendsasofdate AS TIMESTAMP_LTZ(6)) AS sharewithfriendsasofdate,
  CONCAT_WS(
    U&'\0001',
    CAST(registrationdate AS STRING),
    CAST(lastupdatedate AS STRING),
    CASE WHEN sharewithresearchasofdate IS NULL THEN 'withheld' ELSE 'given' END,
    COALESCE(CAST(sharewithresearchasofdate AS STRING), '-'),
    COALESCE(CAST(sharewithpublicasofdate AS STRING), '-'),
    COALESCE(CAST(sharewithfriendsasofdate AS STRING), '-'),
    canonical(serialnumber),
    serialnumber,
    email,
    COALESCE(phone, ''),
    COALESCE(birthday, ''),
    COALESCE(customername, '')
  ) AS version
FROM customer_landing;
