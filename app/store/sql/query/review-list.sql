-- in: :instance (instanceID)  out: state, comment, actor, at (unix ms); oldest first
SELECT state, comment, actor, at FROM review WHERE instance = :instance ORDER BY at, number
