-- in: :record (number), :name, :sha256 (hex), :size  out: nothing
INSERT INTO attachment (record, name, sha256, size) VALUES (:record, :name, :sha256, :size)
ON CONFLICT (record, name) DO UPDATE SET sha256 = :sha256, size = :size
