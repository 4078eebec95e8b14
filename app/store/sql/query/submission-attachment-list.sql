-- in: :id (instanceID)  out: name
SELECT name FROM submission_attachment WHERE submission = (SELECT number FROM submission WHERE id = :id) ORDER BY name
