-- in: :now (unix ms)  out: a SarapRecord a row, oldest first
SELECT record.id, form.id AS form_id, form.version AS form_version, form.title AS form_title, owner, message,
       coalesce (record_shown (record.number, 'name', name), '') AS name,
       coalesce (user_shown ('record/comment/' || record.id, review_comment), '') AS review_comment,
       coalesce (record_shown (record.number, 'page', page), '') AS page,
       state, created_at, updated_at, finalized_at, sent_at, next_attempt_at, n_attempts, review_state, page_number, n_pages, failure
FROM record JOIN form ON form.number = record.form
WHERE state = 1 AND next_attempt_at <= :now
ORDER BY record.number
