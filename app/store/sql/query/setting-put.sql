-- in: :key, :value  out: nothing
INSERT INTO setting (key, value) VALUES (:key, sync_sealed ('setting/' || :key, :value))
ON CONFLICT (key) DO UPDATE SET value = excluded.value
