-- in: :project :app_user :now (unix ms)
UPDATE app_user SET revoked_at = coalesce(revoked_at, :now) WHERE project_id = :project AND id = :app_user
