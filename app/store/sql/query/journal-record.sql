-- in: :record (number)  out: id (instanceID), form (number), form_id, form_version, form_hash and the columns of the row as they stand
SELECT record.id AS id, form.number AS form, form.id AS form_id, form.version AS form_version, form.hash AS form_hash, owner, keeper, created_at,
       state, revision, name, search, page, language, page_number, n_pages, updated_at, finalized_at
FROM record JOIN form ON form.number = record.form
WHERE record.number = :record
