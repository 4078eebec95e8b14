-- in: nothing  out: id (instanceID), name, sha256 (hex, of the sealed file): every attachment of a record
SELECT record.id AS id, attachment.name AS name, attachment.sha256 AS sha256 FROM attachment JOIN record ON record.number = attachment.record ORDER BY record.number, attachment.name
