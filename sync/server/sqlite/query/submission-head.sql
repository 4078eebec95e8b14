-- in: :project :instance_id  out: instance_id of the newest version of that record
WITH RECURSIVE line (instance_id, superseded_by) AS (
  SELECT instance_id, superseded_by FROM submission WHERE project_id = :project AND instance_id = :instance_id
  UNION
  SELECT submission.instance_id, submission.superseded_by
  FROM line JOIN submission ON project_id = :project AND submission.instance_id = line.superseded_by
)
SELECT instance_id FROM line WHERE superseded_by IS NULL LIMIT 1
