-- in: :id (instanceID)  out: nothing
UPDATE record SET n_attempts = n_attempts + 1 WHERE id = :id AND state = 1
