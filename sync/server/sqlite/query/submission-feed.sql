-- in: :project :since :limit  out: submissions in the order of change
SELECT id, sequence, instance_id, xml_form_id, version, submitter, app_user_id, instance_name,
       superseded_by, review_state, review_comment, sha256, is_complete, created_at, updated_at
FROM submission
WHERE project_id = :project AND sequence > :since
ORDER BY sequence
LIMIT :limit
