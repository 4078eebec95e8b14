-- in: :project :heir :instance_id  out: 1 when :instance_id comes after :heir among what replaced it: a circle
WITH RECURSIVE line (instance_id, superseded_by) AS (
  SELECT instance_id, superseded_by FROM submission WHERE project_id = :project AND instance_id = :heir
  UNION
  SELECT submission.instance_id, submission.superseded_by
  FROM line JOIN submission ON project_id = :project AND submission.instance_id = line.superseded_by
)
SELECT 1 FROM line WHERE instance_id = :instance_id
