-- in: :project :now (unix ms)
UPDATE project_keys SET proven_at = :now, use_proof = NULL, spare_proof = NULL
WHERE id = (SELECT max (id) FROM project_keys WHERE project_id = :project)
