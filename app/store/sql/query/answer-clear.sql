-- in: :record (number)  out: nothing
DELETE FROM answer WHERE record = :record
