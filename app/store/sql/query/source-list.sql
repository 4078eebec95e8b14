-- in: :form_id, :at (unix ms), :id (instanceID): after these, :limit  out: id, form_version, submitter, review_state, at (unix ms), xml; oldest first
-- Own records and received submissions of a form; what came back from the server counts once. xml is NULL where nobody here may read it.
SELECT id, form_version,
       iif (record IS NULL, user_opened ('submission/submitter/' || id, submitter), submitter) AS submitter,
       review_state, at,
       iif (record IS NULL, user_opened ('submission/xml/' || id, xml), record_shown (record, 'xml', xml)) AS xml
FROM (
  SELECT record.id AS id, form.version AS form_version, owner AS submitter, review_state, finalized_at AS at, record.number AS record, record_xml.xml AS xml
  FROM record JOIN form ON form.number = record.form JOIN record_xml ON record_xml.record = record.number
  WHERE form.id = :form_id AND NOT EXISTS (SELECT 1 FROM submission WHERE submission.id = record.id)
  UNION ALL
  SELECT submission.id, form_version, submitter, review_state, received_at, NULL, submission_xml.xml
  FROM submission JOIN submission_xml ON submission_xml.submission = submission.number
  WHERE form_id = :form_id)
WHERE (at, id) > (:at, :id)
ORDER BY at, id
LIMIT :limit
