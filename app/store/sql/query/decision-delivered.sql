-- in: :number, :now (unix ms)  out: nothing
UPDATE review SET delivered_at = max(:now, 1) WHERE number = :number AND delivered_at = 0
