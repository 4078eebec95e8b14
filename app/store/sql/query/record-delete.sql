-- in: :number  out: nothing
DELETE FROM record WHERE number = :number
