-- in: :record (number)  out: id (instanceID), holder, sealed
SELECT record.id AS id, holder, sealed FROM record_key JOIN record ON record.number = record_key.record
WHERE record_key.record = :record
