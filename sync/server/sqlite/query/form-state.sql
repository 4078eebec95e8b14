-- in: :form (id)  out: state
SELECT state FROM form WHERE id = :form
