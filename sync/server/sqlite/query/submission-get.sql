-- in: :project :xml_form_id :instance_id  out: a submission
SELECT id, sequence, instance_id, xml_form_id, version, submitter, app_user_id, instance_name,
       superseded_by, review_state, review_comment, sha256, is_complete, created_at, updated_at
FROM submission
WHERE project_id = :project AND xml_form_id = :xml_form_id AND instance_id = :instance_id
