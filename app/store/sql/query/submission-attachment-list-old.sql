-- in: nothing  out: id (instanceID), name, sha256 (hex): files that are not sealed yet
SELECT submission.id AS id, submission_attachment.name AS name, submission_attachment.sha256 AS sha256
FROM submission_attachment JOIN submission ON submission.number = submission_attachment.submission
WHERE NOT is_sealed
