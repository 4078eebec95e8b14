-- in: :project  out: id, project_id, name, revoked, created_at, revoked_at, number of submissions, last of them (unix ms)
SELECT id, project_id, name, revoked_at IS NOT NULL, created_at, revoked_at,
       (SELECT count(*) FROM submission WHERE app_user_id = app_user.id),
       (SELECT max(created_at) FROM submission WHERE app_user_id = app_user.id)
FROM app_user
WHERE project_id = :project
ORDER BY id
