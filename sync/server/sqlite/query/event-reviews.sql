-- in: :app_user :since :limit  out: id, action, actor, state, body, at (unix ms), instance_id
SELECT event.id, action, actor, state, body, at, instance_id
FROM event JOIN submission ON submission.id = submission_id
WHERE event.id > :since AND action = 'review' AND app_user_id = :app_user
ORDER BY event.id
LIMIT :limit
