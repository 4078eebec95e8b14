-- in: :record (number)  out: n
SELECT count (*) AS n FROM answer_aside WHERE record = :record
