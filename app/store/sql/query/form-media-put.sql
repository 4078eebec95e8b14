-- in: :form (number), :name, :sha256 (hex), :md5 ("md5:" and hex), :size  out: nothing
INSERT INTO form_media (form, name, sha256, md5, size) VALUES (:form, :name, :sha256, :md5, :size)
ON CONFLICT (form, name) DO UPDATE SET sha256 = :sha256, md5 = :md5, size = :size
