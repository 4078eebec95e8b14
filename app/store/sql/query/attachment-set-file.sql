-- in: :record (number), :name, :sha256 (hex, of the sealed file), :content (hex, of what was attached), :size  out: nothing
UPDATE attachment SET sha256 = :sha256, size = :size, content = record_sealed (:record, 'attachment/' || :name, :content)
WHERE record = :record AND name = :name
