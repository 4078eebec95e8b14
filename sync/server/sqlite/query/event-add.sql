-- in: :submission :action :actor :state :body :now (unix ms)
INSERT INTO event (submission_id, action, actor, state, body, at)
VALUES (:submission, :action, :actor, :state, :body, :now)
