-- in: :email (lower case) :password_hash :now (unix ms)
INSERT INTO supervisor (email, password_hash, created_at) VALUES (:email, :password_hash, :now)
ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash
