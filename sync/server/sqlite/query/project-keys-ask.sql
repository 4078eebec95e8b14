-- in: :project :use_proof :spare_proof
UPDATE project_keys SET use_proof = :use_proof, spare_proof = :spare_proof
WHERE id = (SELECT max (id) FROM project_keys WHERE project_id = :project)
