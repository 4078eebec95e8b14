-- in: :project  out: how many wait for a decision
SELECT count(*) FROM quarantine WHERE project_id = :project AND decision IS NULL
