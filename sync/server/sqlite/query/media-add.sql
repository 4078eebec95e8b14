-- in: :form :name :sha256 :md5 :size
INSERT INTO form_media (form_id, name, sha256, md5, size) VALUES (:form, :name, :sha256, :md5, :size)
