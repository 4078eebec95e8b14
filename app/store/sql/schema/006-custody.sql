-- What happened to records, signed and chained (see sarap-custody.c). Entries are never changed.
CREATE TABLE custody (
  sequence INTEGER PRIMARY KEY,
  record TEXT NOT NULL, -- instanceID; '' of the first entry
  event TEXT NOT NULL,
  manifest BLOB NOT NULL,
  signature BLOB NOT NULL,
  head TEXT NOT NULL
);
CREATE INDEX custody_record ON custody (record);

-- How far the chain goes.
CREATE TABLE custody_end (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  sequence INTEGER NOT NULL,
  head TEXT NOT NULL,
  signature BLOB NOT NULL
);

-- When a draft was begun, and how far the chain went then.
CREATE TABLE record_start (
  record INTEGER PRIMARY KEY REFERENCES record (number) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  monotonic INTEGER NOT NULL,
  boot TEXT NOT NULL
);

CREATE TRIGGER custody_fixed BEFORE UPDATE ON custody
BEGIN SELECT RAISE (ABORT, 'the chain of custody is immutable'); END;

CREATE TRIGGER custody_kept BEFORE DELETE ON custody
BEGIN SELECT RAISE (ABORT, 'the chain of custody is kept'); END;

-- Not begun: the next opening writes the first entry.
INSERT INTO custody_end (only, sequence, head, signature)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', x'');
