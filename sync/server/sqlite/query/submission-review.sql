-- in: :submission :state (NULL: received) :comment :sequence :now (unix ms)
UPDATE submission
SET review_state = :state, review_comment = :comment, sequence = :sequence, updated_at = :now
WHERE id = :submission
