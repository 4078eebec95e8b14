-- in: :instance (instanceID), :state, :comment, :actor, :at (unix ms)  out: number
-- A decision made here comes back from the server: one decision, with the server's time.
UPDATE OR IGNORE review SET at = :at, actor = user_sealed ('review/actor/' || :instance, :actor), actor_tag = user_tag (:actor), is_decided_here = 0
WHERE number = (
  SELECT number FROM review
  WHERE instance = :instance AND state = :state AND comment_tag = user_tag (:comment) AND is_decided_here AND delivered_at > 0
  ORDER BY number LIMIT 1)
RETURNING number
