-- in: nothing  out: id, version, hash, xml
SELECT id, version, hash, xml FROM form
