-- in: :submission :name
INSERT OR IGNORE INTO submission_file (submission_id, name) VALUES (:submission, :name)
