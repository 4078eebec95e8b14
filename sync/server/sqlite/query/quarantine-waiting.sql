-- in: :project :id  out: id, when it was not accepted yet
SELECT id FROM quarantine WHERE project_id = :project AND id = :id AND submission_id IS NULL
