-- in: :list, :id, :version (the server's)  out: nothing
DELETE FROM entity WHERE list = :list AND id = :id AND version <= :version
