-- in: :project  out: how many
SELECT count(*) FROM quarantine WHERE project_id = :project
