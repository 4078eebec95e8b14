-- in: :id, :version (NULL: the current one)  out: number
SELECT number FROM form
WHERE id = :id AND (:version IS NULL OR version = :version)
ORDER BY is_current DESC, number DESC
LIMIT 1
