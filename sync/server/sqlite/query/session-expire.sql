-- in: :now (unix ms)
DELETE FROM session WHERE expires_at <= :now
