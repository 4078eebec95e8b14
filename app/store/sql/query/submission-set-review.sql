-- in: :id (instanceID)  out: number
-- What was decided here and is not delivered yet stands; else the newest decision.
UPDATE submission SET review_state =
  (SELECT state FROM review WHERE instance = :id
   ORDER BY (is_decided_here AND delivered_at = 0) DESC, at DESC, review.number DESC LIMIT 1)
WHERE id = :id
RETURNING number
