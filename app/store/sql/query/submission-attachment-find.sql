-- in: :id (instanceID), :name  out: sha256 (hex)
SELECT sha256 FROM submission_attachment WHERE submission = (SELECT number FROM submission WHERE id = :id) AND name = :name
