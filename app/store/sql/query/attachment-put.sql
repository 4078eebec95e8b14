-- in: :record (number), :name, :sha256 (hex, of the sealed file), :content (hex, of what was attached), :size  out: nothing
INSERT INTO attachment (record, name, sha256, size, content)
VALUES (:record, :name, :sha256, :size, record_sealed (:record, 'attachment/' || :name, :content))
ON CONFLICT (record, name) DO UPDATE SET sha256 = :sha256, size = :size, content = record_sealed (:record, 'attachment/' || :name, :content)
