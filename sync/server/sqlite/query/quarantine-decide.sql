-- in: :project :id :decision :actor :comment :now (unix ms) :submission (0: none); what was accepted stays so
UPDATE quarantine
SET decision = :decision, decided_by = :actor, comment = :comment, decided_at = :now, submission_id = nullif(:submission, 0)
WHERE project_id = :project AND id = :id AND submission_id IS NULL
