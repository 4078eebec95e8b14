-- in: :token_hash :supervisor :now :expires_at (unix ms)
INSERT INTO session (token_hash, supervisor_id, created_at, expires_at) VALUES (:token_hash, :supervisor, :now, :expires_at)
