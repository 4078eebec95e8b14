-- in: :id (instanceID)  out: number, form (number), state, page, language
SELECT number, form, state, record_shown (number, 'page', page) AS page, language FROM record WHERE id = :id
