-- in: :submission :name  out: sha256 (NULL: missing)
SELECT sha256 FROM submission_file WHERE submission_id = :submission AND name = :name
