-- in: :sha256 (hex)  out: is_used (0 or 1)
SELECT EXISTS (SELECT 1 FROM form_media WHERE sha256 = :sha256)
    OR EXISTS (SELECT 1 FROM attachment WHERE sha256 = :sha256)
    OR EXISTS (SELECT 1 FROM submission_attachment WHERE sha256 = :sha256) AS is_used
