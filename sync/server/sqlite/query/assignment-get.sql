-- in: :supervisor :project  out: whether an administrator; no row: not assigned
SELECT is_administrator FROM assignment WHERE supervisor_id = :supervisor AND project_id = :project
