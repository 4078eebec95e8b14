-- in: nothing  out: submitter, each once
SELECT submitter FROM (SELECT user_opened ('submission/submitter/' || id, submitter) AS submitter FROM submission GROUP BY submitter_tag)
WHERE submitter <> ''
ORDER BY submitter
