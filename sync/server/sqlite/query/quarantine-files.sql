-- in: :quarantine  out: name, sha256, size
SELECT name, sha256, size FROM quarantine_file WHERE quarantine_id = :quarantine ORDER BY name, sha256
