-- Fragments that are no valid records, by kind and reason.
SELECT command, kind, reason, COUNT(*) AS fragments, COUNT(DISTINCT source_file) AS files
FROM rejected_landing
GROUP BY command, kind, reason
ORDER BY fragments DESC, command, kind, reason
LIMIT 50;
