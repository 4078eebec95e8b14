-- in: :record (number)  out: id (instanceID)
SELECT id FROM record WHERE number = :record
