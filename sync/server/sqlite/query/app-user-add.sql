-- in: :project :name :key_hash :now (unix ms)
INSERT INTO app_user (project_id, name, key_hash, created_at) VALUES (:project, :name, :key_hash, :now)
