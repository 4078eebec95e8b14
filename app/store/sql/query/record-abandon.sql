-- in: :record (number), :now (unix ms)  out: nothing
UPDATE record SET state = 3, page = NULL, updated_at = :now WHERE number = :record AND state = 0
