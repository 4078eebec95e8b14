-- in: :quarantine :name :sha256 :size
INSERT OR IGNORE INTO quarantine_file (quarantine_id, name, sha256, size) VALUES (:quarantine, :name, :sha256, :size)
