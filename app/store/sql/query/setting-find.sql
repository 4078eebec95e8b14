-- in: :key  out: value
SELECT value FROM setting WHERE key = :key
