-- in: :id (instanceID), :name, :sha256 (hex), :size  out: nothing
INSERT INTO submission_attachment (submission, name, sha256, size)
SELECT number, :name, :sha256, :size FROM submission WHERE id = :id
ON CONFLICT (submission, name) DO UPDATE SET sha256 = :sha256, size = :size
