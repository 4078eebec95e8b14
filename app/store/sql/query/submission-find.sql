-- in: :id (instanceID)  out: a SarapSubmission
SELECT id, form_id, form_version, submitter, name, region, centre, received_at, review_state FROM submission WHERE id = :id
