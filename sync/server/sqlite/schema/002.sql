-- What a person decided of what lies in quarantine; its bytes stay for ever.
ALTER TABLE quarantine ADD COLUMN submitter TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN decision TEXT CHECK (decision IN ('kept', 'accepted'));
ALTER TABLE quarantine ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN comment TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN decided_at INTEGER;
ALTER TABLE quarantine ADD COLUMN submission_id INTEGER REFERENCES submission; -- what it was accepted as

CREATE INDEX quarantine_by_submission ON quarantine (submission_id) WHERE submission_id IS NOT NULL;

-- Keys that were given anew: whoever still has one is told so.
CREATE TABLE replaced_key (
  key_hash    TEXT PRIMARY KEY,
  app_user_id INTEGER NOT NULL REFERENCES app_user,
  replaced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE assignment ADD COLUMN is_administrator INTEGER NOT NULL DEFAULT 0;
