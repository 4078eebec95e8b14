-- in: :form_id, :region, :centre, :submitter, :search (folded), :review_state (-1: all), :limit, :offset; NULL: all  out: a SarapSubmission a row, newest first
SELECT id, form_id, form_version, received_at, review_state,
       user_opened ('submission/submitter/' || id, submitter) AS submitter, user_opened ('submission/name/' || id, name) AS name,
       user_opened ('submission/region/' || id, region) AS region, user_opened ('submission/centre/' || id, centre) AS centre
FROM submission
WHERE (:form_id IS NULL OR form_id = :form_id)
  AND (:region IS NULL OR region_tag = user_tag (:region))
  AND (:centre IS NULL OR centre_tag = user_tag (:centre))
  AND (:submitter IS NULL OR submitter_tag = user_tag (:submitter))
  AND (:review_state < 0 OR review_state = :review_state)
  AND (:search IS NULL OR instr (user_opened ('submission/search/' || id, search), :search) > 0)
ORDER BY number DESC
LIMIT :limit OFFSET :offset
