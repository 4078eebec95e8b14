-- in: :token_hash :now (unix ms)  out: id and email of the supervisor
SELECT supervisor.id, email
FROM session JOIN supervisor ON supervisor.id = supervisor_id
WHERE token_hash = :token_hash AND expires_at > :now
