-- in: :form
DELETE FROM form_media WHERE form_id = :form
