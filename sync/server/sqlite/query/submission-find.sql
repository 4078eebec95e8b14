-- in: :project :instance_id  out: id, form_id, xml_form_id, sha256, is_complete, superseded_by
SELECT id, form_id, xml_form_id, sha256, is_complete, superseded_by
FROM submission
WHERE project_id = :project AND instance_id = :instance_id
