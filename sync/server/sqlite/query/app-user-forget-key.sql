-- in: :project :app_user :now (unix ms): its key is a replaced one from now on
INSERT OR IGNORE INTO replaced_key (key_hash, app_user_id, replaced_at)
SELECT key_hash, id, :now FROM app_user WHERE project_id = :project AND id = :app_user
