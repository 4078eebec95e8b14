-- Public halves of a project's two pairs; the newest row counts. Their private halves were given away when they were made.
CREATE TABLE project_keys (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id  INTEGER NOT NULL REFERENCES project,
  use_key     TEXT NOT NULL, -- base64 of X25519
  spare_key   TEXT NOT NULL,
  use_proof   TEXT,          -- hash of the word that only its private half reads; NULL: not asked yet
  spare_proof TEXT,
  created_at  INTEGER NOT NULL,
  proven_at   INTEGER        -- both private halves were shown to work
) STRICT;

CREATE INDEX project_keys_by_project ON project_keys (project_id, id);
