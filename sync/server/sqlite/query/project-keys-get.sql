-- in: :project  out: use_key, spare_key, use_proof, spare_proof, proven_at (unix ms, NULL) of the newest
SELECT use_key, spare_key, use_proof, spare_proof, proven_at FROM project_keys WHERE project_id = :project ORDER BY id DESC LIMIT 1
