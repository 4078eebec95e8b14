-- in: :record (number)  out: nothing
DELETE FROM answer_history WHERE record = :record
