-- in: :instance (instanceID), :state, :comment, :actor, :at (unix ms)  out: number (no row: known already)
INSERT INTO review (instance, state, comment, actor, at)
VALUES (:instance, :state, :comment, :actor, :at)
ON CONFLICT DO NOTHING
RETURNING number
