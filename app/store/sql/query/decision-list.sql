-- in: nothing  out: number, instance (instanceID), state, comment, at (unix ms)
SELECT number, instance, state, user_opened ('review/comment/' || instance, comment) AS comment, at FROM review WHERE is_decided_here AND delivered_at = 0 ORDER BY number
