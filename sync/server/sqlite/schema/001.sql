-- The central store. Times are milliseconds UTC; hashes of files are lower-case hex.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- One row for each version of a form.
CREATE TABLE form (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id   INTEGER NOT NULL REFERENCES project,
  xml_form_id  TEXT NOT NULL,
  version      TEXT NOT NULL,
  title        TEXT NOT NULL,
  hash         TEXT NOT NULL, -- md5:… of xml
  xml          BLOB NOT NULL,
  state        TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closing', 'closed')),
  is_encrypted INTEGER NOT NULL, -- submissions must come encrypted
  file_paths   TEXT NOT NULL,    -- nodes that name attachments, one path a line
  created_at   INTEGER NOT NULL,
  UNIQUE (project_id, xml_form_id, version)
) STRICT;

CREATE TABLE form_media (
  form_id INTEGER NOT NULL REFERENCES form,
  name    TEXT NOT NULL,
  sha256  TEXT NOT NULL,
  md5     TEXT NOT NULL,
  size    INTEGER NOT NULL,
  PRIMARY KEY (form_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_user (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES project,
  name       TEXT NOT NULL,
  key_hash   TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE supervisor (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  email         TEXT NOT NULL UNIQUE, -- lower case
  password_hash TEXT NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE assignment (
  supervisor_id INTEGER NOT NULL REFERENCES supervisor,
  project_id    INTEGER NOT NULL REFERENCES project,
  PRIMARY KEY (supervisor_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  token_hash    TEXT PRIMARY KEY,
  supervisor_id INTEGER NOT NULL REFERENCES supervisor,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id     INTEGER NOT NULL REFERENCES project,
  form_id        INTEGER NOT NULL REFERENCES form,
  xml_form_id    TEXT NOT NULL,
  version        TEXT NOT NULL,
  instance_id    TEXT NOT NULL,
  deprecated_id  TEXT,             -- the instance that this one replaces
  superseded_by  TEXT,             -- the instance that replaced this one
  instance_name  TEXT NOT NULL,
  region         TEXT NOT NULL,
  centre         TEXT NOT NULL,
  app_user_id    INTEGER REFERENCES app_user, -- NULL: brought in by an administrator
  submitter      TEXT NOT NULL,
  xml            BLOB NOT NULL,    -- the bytes as they came, never written anew
  sha256         TEXT NOT NULL,
  is_complete    INTEGER NOT NULL, -- every named file is there
  review_state   TEXT CHECK (review_state IN ('hasIssues', 'edited', 'rejected', 'approved')),
  review_comment TEXT NOT NULL DEFAULT '',
  sequence       INTEGER NOT NULL UNIQUE, -- rises with every change: the order of the feed
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  UNIQUE (project_id, instance_id)
) STRICT;

CREATE INDEX submission_by_form ON submission (project_id, xml_form_id, id);
CREATE INDEX submission_by_sequence ON submission (project_id, sequence);
CREATE INDEX submission_by_deprecated ON submission (project_id, deprecated_id) WHERE deprecated_id IS NOT NULL;

-- The files that a submission names or brought; sha256 is NULL while one is missing.
CREATE TABLE submission_file (
  submission_id INTEGER NOT NULL REFERENCES submission,
  name          TEXT NOT NULL,
  sha256        TEXT,
  size          INTEGER,
  PRIMARY KEY (submission_id, name)
) STRICT, WITHOUT ROWID;

-- History: nothing here is ever changed or taken away.
CREATE TABLE event (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  submission_id INTEGER NOT NULL REFERENCES submission,
  action        TEXT NOT NULL CHECK (action IN ('review', 'comment')),
  actor         TEXT NOT NULL,
  state         TEXT,
  body          TEXT NOT NULL,
  at            INTEGER NOT NULL
) STRICT;

CREATE INDEX event_by_submission ON event (submission_id, id);

-- Authenticated bytes that have no place: kept for a person to decide.
CREATE TABLE quarantine (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id  INTEGER NOT NULL REFERENCES project,
  app_user_id INTEGER REFERENCES app_user,
  instance_id TEXT NOT NULL,
  reason      TEXT NOT NULL,
  xml         BLOB NOT NULL,
  sha256      TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (project_id, instance_id, sha256, reason)
) STRICT;

CREATE TABLE quarantine_file (
  quarantine_id INTEGER NOT NULL REFERENCES quarantine,
  name          TEXT NOT NULL,
  sha256        TEXT NOT NULL,
  size          INTEGER NOT NULL,
  PRIMARY KEY (quarantine_id, name, sha256)
) STRICT, WITHOUT ROWID;
