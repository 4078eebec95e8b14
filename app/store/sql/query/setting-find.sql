-- in: :key  out: value
SELECT sync_opened ('setting/' || key, value) AS value FROM setting WHERE key = :key
