-- Every fragment of the raw files that is not a valid record, whatever kind of file it was found in.
--
-- A fragment that names an e-mail address may be a customer's version that takes consent back, so the
-- account is kept with it. It is looked for in the text, since most fragments are not JSON; what was
-- found is the inside of a JSON string, and is read as one where it can be.
--
-- Of a fragment that names somebody who is forgotten only its place and its reason are kept.
SELECT
  kind,
  source_file,
  source_offset,
  source_length,
  count_reject(kind, reject_reason) AS reason,
  kept_bytes AS fragment,
  NULLIF(canonical(COALESCE(JSON_VALUE(CONCAT('["', email, '"]'), '$[0]'), email)), '') AS account,
  '${command}' AS command
FROM (
  SELECT
    kind,
    source_file,
    source_offset,
    source_length,
    reject_reason,
    kept_bytes,
    REGEXP_EXTRACT(DECODE(kept_bytes, 'UTF-8'), '(?i)\bemail["'']?\s*:\s*(["''])(.*?)\1', 2) AS email
  FROM (
    SELECT
      *,
      CASE WHEN NOT is_forgotten(reject_bytes) THEN reject_bytes END AS kept_bytes
    FROM (
      SELECT 'customer' AS kind, source_file, source_offset, source_length, reject_reason, reject_bytes
      FROM customer_raw
      WHERE reject_reason IS NOT NULL
      UNION ALL
      SELECT 'accelerometer' AS kind, source_file, source_offset, source_length, reject_reason, reject_bytes
      FROM accelerometer_raw
      WHERE reject_reason IS NOT NULL
      UNION ALL
      SELECT 'step_trainer' AS kind, source_file, source_offset, source_length, reject_reason, reject_bytes
      FROM step_trainer_raw
      WHERE reject_reason IS NOT NULL
    )
  )
);
