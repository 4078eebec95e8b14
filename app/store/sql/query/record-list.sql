-- in: :form_id, :owner, :search (folded), :state (-1: all), :limit, :offset; NULL: all  out: a SarapRecord a row, newest first
SELECT record.id, form.id AS form_id, form.version AS form_version, form.title AS form_title, owner, message,
       coalesce (record_shown (record.number, 'name', name), '') AS name,
       coalesce (user_shown ('record/comment/' || record.id, review_comment), '') AS review_comment,
       coalesce (record_shown (record.number, 'page', page), '') AS page,
       state, created_at, updated_at, finalized_at, sent_at, next_attempt_at, n_attempts, review_state, page_number, n_pages, failure
FROM record JOIN form ON form.number = record.form
WHERE record.number IN (
  SELECT number FROM record
  WHERE (:state < 0 OR state = :state)
    AND (:owner IS NULL OR owner = :owner)
    AND (:form_id IS NULL OR form IN (SELECT number FROM form WHERE id = :form_id))
    AND keeper IN ('', user_id ())
    AND (:search IS NULL OR instr (record_shown (number, 'search', search), :search) > 0)
  ORDER BY number DESC
  LIMIT :limit OFFSET :offset)
ORDER BY record.number DESC
