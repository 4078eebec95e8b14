-- in: :submission  out: id, action, actor, state, body, at (unix ms), instance_id
SELECT event.id, action, actor, state, body, at, instance_id
FROM event JOIN submission ON submission.id = submission_id
WHERE submission_id = :submission
ORDER BY event.id
