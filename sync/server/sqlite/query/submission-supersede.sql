-- in: :submission :superseded_by :sequence :now (unix ms)
UPDATE submission SET superseded_by = :superseded_by, sequence = :sequence, updated_at = :now
WHERE id = :submission
