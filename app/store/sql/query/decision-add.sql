-- in: :id (instanceID), :state, :comment, :actor, :at (unix ms)  out: nothing
INSERT INTO review (instance, state, comment, comment_tag, actor, actor_tag, at, is_decided_here)
SELECT id, :state, user_sealed ('review/comment/' || id, :comment), user_tag (:comment),
       user_sealed ('review/actor/' || id, :actor), user_tag (:actor), :at, 1
FROM submission WHERE id = :id
ON CONFLICT (instance, state, comment_tag, actor_tag, at) DO UPDATE SET is_decided_here = 1
