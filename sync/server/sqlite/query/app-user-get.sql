-- in: :key_hash  out: id, project_id, name, revoked
SELECT id, project_id, name, revoked_at IS NOT NULL FROM app_user WHERE key_hash = :key_hash
