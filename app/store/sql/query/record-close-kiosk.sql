-- in: :now (unix ms)  out: number (each visit that was closed)
UPDATE record SET state = 3, page = NULL, updated_at = :now
WHERE state = 0 AND owner = 'kiosk'
RETURNING number
