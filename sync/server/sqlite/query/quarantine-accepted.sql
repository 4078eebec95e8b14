-- in: :project :instance_id :sha256  out: id of the submission as which these bytes were accepted last
SELECT submission_id FROM quarantine
WHERE project_id = :project AND instance_id = :instance_id AND sha256 = :sha256 AND submission_id IS NOT NULL
ORDER BY decided_at DESC, id DESC LIMIT 1
