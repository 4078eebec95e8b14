-- in: :instance (instanceID), :state, :comment, :actor, :at (unix ms)  out: number (no row: known already)
INSERT INTO review (instance, state, comment, comment_tag, actor, actor_tag, at)
VALUES (:instance, :state, user_sealed ('review/comment/' || :instance, :comment), user_tag (:comment),
        user_sealed ('review/actor/' || :instance, :actor), user_tag (:actor), :at)
ON CONFLICT DO NOTHING
RETURNING number
