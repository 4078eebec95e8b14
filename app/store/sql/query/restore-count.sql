-- in: nothing  out: records, forms
SELECT (SELECT count(*) FROM record) AS records, (SELECT count(*) FROM form) AS forms
