-- in: :form  out: name, sha256, size, md5
SELECT name, sha256, size, md5 FROM form_media WHERE form_id = :form ORDER BY name
