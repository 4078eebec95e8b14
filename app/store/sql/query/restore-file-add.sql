-- in: :record (number), :name, :sha256 (hex, of the sealed file), :content (sealed), :size  out: nothing
INSERT INTO attachment (record, name, sha256, size, content) VALUES (:record, :name, :sha256, :size, :content)
