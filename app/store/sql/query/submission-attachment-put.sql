-- in: :id (instanceID), :name, :sha256 (hex, of the sealed file), :size  out: nothing
INSERT INTO submission_attachment (submission, name, sha256, size, is_sealed)
SELECT number, :name, :sha256, :size, 1 FROM submission WHERE id = :id
ON CONFLICT (submission, name) DO UPDATE SET sha256 = :sha256, size = :size, is_sealed = 1
