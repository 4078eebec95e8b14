-- in: :record (number)  out: line (in order)
SELECT line FROM audit_line WHERE record = :record ORDER BY place
