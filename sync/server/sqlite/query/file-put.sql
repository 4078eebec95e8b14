-- in: :submission :name :sha256 :size
INSERT INTO submission_file (submission_id, name, sha256, size) VALUES (:submission, :name, :sha256, :size)
ON CONFLICT (submission_id, name) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size
