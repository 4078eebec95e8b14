-- in: :owner  out: id of the draft that was changed last; no row: there is none
SELECT id FROM record
WHERE state = 0 AND owner = :owner AND keeper IN ('', user_id ())
ORDER BY updated_at DESC, number DESC
LIMIT 1
