-- in: :id (instanceID), :message, :now (unix ms)  out: nothing
UPDATE record SET state = 2, sent_at = :now, message = :message, failure = -1, next_attempt_at = 0 WHERE id = :id AND state = 1
