-- in: :email (lower case)  out: id, email, password_hash
SELECT id, email, password_hash FROM supervisor WHERE email = :email
