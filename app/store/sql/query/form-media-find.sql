-- in: :form (number), :name  out: sha256 (hex)
SELECT sha256 FROM form_media WHERE form = :form AND name = :name
