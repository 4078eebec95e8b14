-- in: :instance (instanceID)  out: state, comment, actor, at (unix ms); oldest first
SELECT state, user_opened ('review/comment/' || instance, comment) AS comment, user_opened ('review/actor/' || instance, actor) AS actor, at
FROM review WHERE instance = :instance ORDER BY at, number
