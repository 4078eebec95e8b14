-- in: :app_user :since :limit  out: id, action, actor, state, body, at (unix ms), instance_id as the device knows it
SELECT event.id, action, actor, state, body, at,
       coalesce((SELECT quarantine.instance_id FROM quarantine WHERE quarantine.submission_id = submission.id LIMIT 1), instance_id)
FROM event JOIN submission ON submission.id = event.submission_id
WHERE event.id > :since AND action = 'review' AND app_user_id = :app_user
ORDER BY event.id
LIMIT :limit
