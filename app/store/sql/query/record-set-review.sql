-- in: :id (instanceID)  out: number
-- The newest decision counts, in whatever order they arrive.
UPDATE record SET (review_state, review_comment) =
  (SELECT state, user_sealed ('record/comment/' || instance, user_opened ('review/comment/' || instance, comment)) FROM review WHERE instance = :id ORDER BY at DESC, review.number DESC LIMIT 1)
WHERE id = :id
RETURNING number
