-- in: :record (number), :state, :finalized_at (unix ms)  out: nothing
UPDATE record SET state = :state, finalized_at = :finalized_at WHERE number = :record
