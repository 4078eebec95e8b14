-- in: :project :instance_id  out: instance_id of what replaced it before it came
SELECT instance_id FROM submission
WHERE project_id = :project AND deprecated_id = :instance_id
ORDER BY id LIMIT 1
