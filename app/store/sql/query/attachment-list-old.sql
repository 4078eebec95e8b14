-- in: nothing  out: record (number), id (instanceID), name, sha256 (hex): files that are not sealed yet
SELECT attachment.record AS record, record.id AS id, attachment.name AS name, attachment.sha256 AS sha256
FROM attachment JOIN record ON record.number = attachment.record
WHERE content IS NULL
