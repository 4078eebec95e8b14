-- in: :email (lower case) :project
INSERT OR IGNORE INTO assignment (supervisor_id, project_id)
SELECT id, :project FROM supervisor WHERE email = :email
