-- in: :project :xml_form_id (NULL: any) :instance_id  out: a submission
SELECT id, sequence, instance_id, xml_form_id, version, submitter, app_user_id, instance_name,
       superseded_by, review_state, review_comment, sha256, is_complete, created_at, updated_at
FROM submission
WHERE project_id = :project AND instance_id = :instance_id AND (:xml_form_id IS NULL OR xml_form_id = :xml_form_id)
