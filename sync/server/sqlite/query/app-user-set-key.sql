-- in: :project :app_user :key_hash
UPDATE app_user SET key_hash = :key_hash, revoked_at = NULL WHERE project_id = :project AND id = :app_user
