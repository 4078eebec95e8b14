-- in: :submission :project :deprecated_id
UPDATE submission_file
SET (sha256, size) = (SELECT old.sha256, old.size
                      FROM submission_file AS old JOIN submission ON submission.id = old.submission_id
                      WHERE project_id = :project AND instance_id = :deprecated_id AND old.name = submission_file.name)
WHERE submission_id = :submission AND sha256 IS NULL
