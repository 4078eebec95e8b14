-- in: :form (number)  out: name, md5
SELECT name, md5 FROM form_media WHERE form = :form
