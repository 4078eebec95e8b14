-- Answers of a draft that a new version of its form had no place for. They stay with the record, also when it is finalized.
CREATE TABLE answer_aside (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  version TEXT NOT NULL, -- of the form, when it was answered
  ref BLOB NOT NULL, -- this and the following sealed with the record's key
  label BLOB NOT NULL,
  value BLOB NOT NULL,
  text BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (record, place)
) WITHOUT ROWID;

-- Entities that records of this device made or changed, until the server's list has caught up (see sarap-entities.c).
CREATE TABLE entity (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- a new one with every change
  list TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  trunk INTEGER NOT NULL, -- the server's version that it was before; 0: made here
  branch TEXT NOT NULL,
  sealed BLOB NOT NULL, -- label and properties, JSON
  UNIQUE (list, id)
);
