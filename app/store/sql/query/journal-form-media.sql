-- in: :form (number)  out: name, sha256 (hex), md5 ("md5:" and hex), size
SELECT name, sha256, md5, size FROM form_media WHERE form = :form ORDER BY name
