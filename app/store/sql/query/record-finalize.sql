-- in: :record (number), :name, :search (folded), :now (unix ms)  out: nothing
UPDATE record SET state = 1, name = record_sealed (number, 'name', :name), search = record_sealed (number, 'search', :search), page = NULL, finalized_at = :now, updated_at = :now
WHERE number = :record AND state = 0
