-- in: :key_hash  out: id, project_id, name, whether the key opens nothing any more
SELECT id, project_id, name, revoked_at IS NOT NULL FROM app_user WHERE key_hash = :key_hash
UNION ALL
SELECT id, project_id, name, 1 FROM replaced_key JOIN app_user ON id = app_user_id WHERE replaced_key.key_hash = :key_hash
