-- in: :record (number), :name, :search (folded), :now (unix ms)  out: nothing
UPDATE record SET state = 1, name = :name, search = :search, page = NULL, finalized_at = :now, updated_at = :now
WHERE number = :record AND state = 0
