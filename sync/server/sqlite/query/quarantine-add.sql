-- in: :project :app_user (0: none) :submitter :instance_id :reason :xml :sha256 :now (unix ms)
INSERT OR IGNORE INTO quarantine (project_id, app_user_id, submitter, instance_id, reason, xml, sha256, received_at)
VALUES (:project, nullif(:app_user, 0), :submitter, :instance_id, :reason, :xml, :sha256, :now)
