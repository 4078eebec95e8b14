-- in: :current_only (0 or 1)  out: id, version, title, hash, origin, is_current, is_hidden, added_at (unix ms)
SELECT id, version, title, hash, origin, is_current, is_hidden, added_at
FROM form
WHERE is_current OR NOT :current_only
ORDER BY title, id, is_current DESC, number DESC
