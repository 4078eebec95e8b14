-- in: :project :xml_form_id :after (id) :limit  out: submissions that were not replaced, oldest first
SELECT id, sequence, instance_id, xml_form_id, version, submitter, app_user_id, instance_name,
       superseded_by, review_state, review_comment, sha256, is_complete, created_at, updated_at
FROM submission
WHERE project_id = :project AND xml_form_id = :xml_form_id AND id > :after AND superseded_by IS NULL
ORDER BY id
LIMIT :limit
