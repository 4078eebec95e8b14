-- in: :email (lower case) :project :is_administrator
INSERT INTO assignment (supervisor_id, project_id, is_administrator)
SELECT id, :project, :is_administrator FROM supervisor WHERE email = :email
ON CONFLICT (supervisor_id, project_id) DO UPDATE SET is_administrator = excluded.is_administrator
