-- in: :submission :is_complete :sequence :now (unix ms)
UPDATE submission SET is_complete = :is_complete, sequence = :sequence, updated_at = :now
WHERE id = :submission
