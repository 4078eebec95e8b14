-- in: :record (number), :form (number)  out: nothing
UPDATE record SET form = :form WHERE number = :record AND state = 0
