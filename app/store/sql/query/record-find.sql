-- in: :id (instanceID)  out: a SarapRecord
SELECT record.id, form.id AS form_id, form.version AS form_version, form.title AS form_title, name, owner, message, review_comment, coalesce(page, '') AS page,
       state, created_at, updated_at, finalized_at, sent_at, next_attempt_at, n_attempts, review_state, page_number, n_pages, failure
FROM record JOIN form ON form.number = record.form
WHERE record.id = :id
