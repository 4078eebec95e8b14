-- in: nothing  out: submitter, each once
SELECT DISTINCT submitter FROM submission WHERE submitter <> '' ORDER BY submitter
