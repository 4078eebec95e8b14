-- in: :project  out: id
SELECT id FROM project WHERE id = :project
