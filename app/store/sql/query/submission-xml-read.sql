-- in: :id (instanceID)  out: xml
SELECT xml FROM submission_xml WHERE submission = (SELECT number FROM submission WHERE id = :id)
