-- in: :project :instance_id :reason :sha256  out: id
SELECT id FROM quarantine
WHERE project_id = :project AND instance_id = :instance_id AND reason = :reason AND sha256 = :sha256
