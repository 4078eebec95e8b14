-- in: :id (instanceID)  out: xml
SELECT user_opened ('submission/xml/' || id, xml) AS xml
FROM submission_xml JOIN submission ON submission.number = submission_xml.submission
WHERE id = :id
