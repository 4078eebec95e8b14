-- in: :form_id, :region, :centre, :submitter, :search (folded), :review_state (-1: all), :limit, :offset; NULL: all  out: a SarapSubmission a row, newest first
SELECT id, form_id, form_version, submitter, name, region, centre, received_at, review_state FROM submission
WHERE (:form_id IS NULL OR form_id = :form_id)
  AND (:region IS NULL OR region = :region)
  AND (:centre IS NULL OR centre = :centre)
  AND (:submitter IS NULL OR submitter = :submitter)
  AND (:review_state < 0 OR review_state = :review_state)
  AND (:search IS NULL OR instr(search, :search) > 0)
ORDER BY number DESC
LIMIT :limit OFFSET :offset
