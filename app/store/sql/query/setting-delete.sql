-- in: :key  out: nothing
DELETE FROM setting WHERE key = :key
