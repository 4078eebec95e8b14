-- in: :email (lower case): a new password ends what the old one began
DELETE FROM session WHERE supervisor_id = (SELECT id FROM supervisor WHERE email = :email)
