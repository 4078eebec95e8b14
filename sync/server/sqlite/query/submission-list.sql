-- in: the filter, NULL: any; :review_state "received": none yet  out: submissions, newest first
SELECT id, sequence, instance_id, xml_form_id, version, submitter, app_user_id, instance_name,
       superseded_by, review_state, review_comment, sha256, is_complete, created_at, updated_at
FROM submission
WHERE project_id = :project
  AND superseded_by IS NULL
  AND (:xml_form_id IS NULL OR xml_form_id = :xml_form_id)
  AND (:review_state IS NULL OR coalesce(review_state, 'received') = :review_state)
  AND (:submitter IS NULL OR submitter = :submitter OR CAST (app_user_id AS TEXT) = :submitter)
  AND (:region IS NULL OR region = :region)
  AND (:centre IS NULL OR centre = :centre)
ORDER BY id DESC
LIMIT :top OFFSET :skip
