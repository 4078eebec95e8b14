-- in: :project :id (0: all)  out: one row each, xml last
SELECT quarantine.id, quarantine.app_user_id, quarantine.submitter, quarantine.instance_id, reason, quarantine.sha256, length(quarantine.xml), received_at,
       decision, decided_by, comment, decided_at, submission.instance_id, CASE WHEN :id = 0 THEN NULL ELSE quarantine.xml END
FROM quarantine LEFT JOIN submission ON submission.id = quarantine.submission_id
WHERE quarantine.project_id = :project AND (:id = 0 OR quarantine.id = :id)
ORDER BY quarantine.id
