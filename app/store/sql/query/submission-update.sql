-- in: :id (instanceID), :review_state, :sequence  out: nothing
UPDATE submission SET
  sequence = max(sequence, :sequence),
  review_state = iif(EXISTS (SELECT 1 FROM review WHERE instance = :id AND is_decided_here AND delivered_at = 0), review_state, :review_state)
WHERE id = :id
