-- in: :id (instanceID), :state, :comment, :actor, :at (unix ms)  out: nothing
INSERT INTO review (instance, state, comment, actor, at, is_decided_here)
SELECT id, :state, :comment, :actor, :at, 1 FROM submission WHERE id = :id
ON CONFLICT (instance, state, comment, actor, at) DO UPDATE SET is_decided_here = 1
