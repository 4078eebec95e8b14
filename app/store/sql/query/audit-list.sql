-- in: :record (number)  out: line (in order)
SELECT record_opened (record, 'audit/' || place, line) AS line FROM audit_line WHERE record = :record ORDER BY place
