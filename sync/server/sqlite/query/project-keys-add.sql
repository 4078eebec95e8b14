-- in: :project :use_key :spare_key :now (unix ms)
INSERT INTO project_keys (project_id, use_key, spare_key, created_at) VALUES (:project, :use_key, :spare_key, :now)
