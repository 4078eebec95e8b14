-- in: :id, :version, :hash  out: number
SELECT number FROM form WHERE id = :id AND version = :version AND hash = :hash
