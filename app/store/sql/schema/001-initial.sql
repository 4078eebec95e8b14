-- Times are milliseconds since 1970-01-01 UTC. States and kinds are the numbers of the C enums.

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE form (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  title TEXT NOT NULL,
  hash TEXT NOT NULL,
  origin TEXT NOT NULL,
  is_current INTEGER NOT NULL,
  is_hidden INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  xml BLOB NOT NULL,
  UNIQUE (id, version, hash)
);

CREATE TABLE form_media (
  form INTEGER NOT NULL REFERENCES form (number) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (form, name)
) WITHOUT ROWID;
CREATE INDEX form_media_file ON form_media (sha256);

-- Records of this device ------------------------------------------------------------------------

CREATE TABLE record (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  form INTEGER NOT NULL REFERENCES form (number),
  owner TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL DEFAULT '', -- name and form title, case folded
  revision INTEGER NOT NULL DEFAULT 0,
  page TEXT,
  language TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finalized_at INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  n_attempts INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '',
  review_state INTEGER NOT NULL DEFAULT 0,
  review_comment TEXT NOT NULL DEFAULT ''
);
CREATE INDEX record_list ON record (number, state, form, owner);
CREATE INDEX record_due ON record (state, next_attempt_at);
CREATE INDEX record_form ON record (form);

-- What the interview is now: one row a node. kind: 0 value, 1 repeat instance, 2 emptied subtree.
CREATE TABLE answer (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  ref TEXT NOT NULL,
  kind INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL, -- within the revision
  value BLOB,
  PRIMARY KEY (record, ref, kind)
) WITHOUT ROWID;

-- How it came to be so.
CREATE TABLE answer_history (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL,
  ref TEXT NOT NULL,
  kind INTEGER NOT NULL,
  value BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (record, revision, place)
) WITHOUT ROWID;

CREATE TABLE audit_line (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (record, place)
) WITHOUT ROWID;

CREATE TABLE attachment (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (record, name)
) WITHOUT ROWID;
CREATE INDEX attachment_file ON attachment (sha256);

-- The exact bytes of a finalized record.
CREATE TABLE record_xml (
  record INTEGER PRIMARY KEY REFERENCES record (number),
  sha256 TEXT NOT NULL,
  xml BLOB NOT NULL
);

CREATE TABLE record_part (
  record INTEGER NOT NULL REFERENCES record (number),
  attachment TEXT NOT NULL,
  PRIMARY KEY (record, attachment)
) WITHOUT ROWID;

CREATE TABLE receipt (
  record INTEGER PRIMARY KEY REFERENCES record (number),
  receipt BLOB,
  at INTEGER NOT NULL
);

-- A finalized record stays as it is: draft (0) to finalized (1) to sent (2), or draft to abandoned (3).
CREATE TRIGGER record_state BEFORE UPDATE OF state ON record
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 0 AND NEW.state IN (1, 3)) OR (OLD.state = 1 AND NEW.state = 2))
BEGIN SELECT RAISE (ABORT, 'a record does not go back'); END;

CREATE TRIGGER record_fixed BEFORE UPDATE OF id, form, owner, name, revision, created_at, finalized_at ON record
WHEN OLD.state IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

CREATE TRIGGER record_kept BEFORE DELETE ON record
WHEN OLD.state IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is kept'); END;

CREATE TRIGGER record_xml_fixed BEFORE UPDATE ON record_xml
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

CREATE TRIGGER record_xml_kept BEFORE DELETE ON record_xml
BEGIN SELECT RAISE (ABORT, 'a finalized record is kept'); END;

CREATE TRIGGER attachment_not_added BEFORE INSERT ON attachment
WHEN (SELECT state FROM record WHERE number = NEW.record) <> 0
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

CREATE TRIGGER attachment_not_changed BEFORE UPDATE ON attachment
WHEN (SELECT state FROM record WHERE number = OLD.record) IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

CREATE TRIGGER attachment_kept BEFORE DELETE ON attachment
WHEN (SELECT state FROM record WHERE number = OLD.record) IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

CREATE TRIGGER answer_history_only_drafts BEFORE INSERT ON answer_history
WHEN (SELECT state FROM record WHERE number = NEW.record) <> 0
BEGIN SELECT RAISE (ABORT, 'only a draft takes answers'); END;

-- Submissions of the project, a supervisor's copy ------------------------------------------------

CREATE TABLE submission (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  form_id TEXT NOT NULL,
  form_version TEXT NOT NULL,
  submitter TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT NOT NULL,
  centre TEXT NOT NULL,
  search TEXT NOT NULL, -- name, submitter, region and centre, case folded
  received_at INTEGER NOT NULL,
  review_state INTEGER NOT NULL,
  sequence INTEGER NOT NULL
);
CREATE INDEX submission_list ON submission (number, form_id, review_state, region, centre, submitter);
CREATE INDEX submission_form ON submission (form_id, received_at);
CREATE INDEX submission_sequence ON submission (sequence);

CREATE TABLE submission_xml (
  submission INTEGER PRIMARY KEY REFERENCES submission (number),
  xml BLOB NOT NULL
);

CREATE TABLE submission_attachment (
  submission INTEGER NOT NULL REFERENCES submission (number),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (submission, name)
) WITHOUT ROWID;
CREATE INDEX submission_attachment_file ON submission_attachment (sha256);

-- Decisions, of own records and of received submissions. instance is the instanceID.
CREATE TABLE review (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance TEXT NOT NULL,
  state INTEGER NOT NULL,
  comment TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  is_decided_here INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (instance, state, comment, actor, at)
);
CREATE INDEX review_waiting ON review (number) WHERE is_decided_here AND delivered_at = 0;
