-- in: :form_id, :region, :centre, :submitter, :search (folded), :review_state (-1: all); NULL: all  out: n
SELECT count(*) AS n FROM submission
WHERE (:form_id IS NULL OR form_id = :form_id)
  AND (:region IS NULL OR region_tag = user_tag (:region))
  AND (:centre IS NULL OR centre_tag = user_tag (:centre))
  AND (:submitter IS NULL OR submitter_tag = user_tag (:submitter))
  AND (:review_state < 0 OR review_state = :review_state)
  AND (:search IS NULL OR instr (user_opened ('submission/search/' || id, search), :search) > 0)
