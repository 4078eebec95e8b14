-- in: :id (instanceID)  out: a SarapSubmission
SELECT id, form_id, form_version, received_at, review_state,
       user_opened ('submission/submitter/' || id, submitter) AS submitter, user_opened ('submission/name/' || id, name) AS name,
       user_opened ('submission/region/' || id, region) AS region, user_opened ('submission/centre/' || id, centre) AS centre
FROM submission WHERE id = :id
