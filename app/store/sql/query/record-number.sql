-- in: :id (instanceID)  out: number, form (number), state, page, language
SELECT number, form, state, page, language FROM record WHERE id = :id
