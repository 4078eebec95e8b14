-- in: :record (number)  out: nothing
DELETE FROM audit_line WHERE record = :record
