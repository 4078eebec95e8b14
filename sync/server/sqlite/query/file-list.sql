-- in: :submission  out: name, sha256 (NULL: missing), size
SELECT name, sha256, size FROM submission_file WHERE submission_id = :submission ORDER BY name
