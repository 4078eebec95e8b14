-- in: :id (instanceID), :message, :failure (number), :next_attempt_at (unix ms)  out: nothing
UPDATE record SET message = :message, failure = :failure, next_attempt_at = :next_attempt_at WHERE id = :id AND state = 1
