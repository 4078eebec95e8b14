-- in: nothing  out: number, id, version, title, hash, origin, is_current, is_hidden, added_at (unix ms); in the order in which they came
SELECT number, id, version, title, hash, origin, is_current, is_hidden, added_at FROM form ORDER BY number
