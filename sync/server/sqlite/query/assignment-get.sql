-- in: :supervisor :project  out: 1 when assigned
SELECT 1 FROM assignment WHERE supervisor_id = :supervisor AND project_id = :project
