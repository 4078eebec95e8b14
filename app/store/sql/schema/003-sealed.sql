-- Whatever tells something of a record, a submission or a person is sealed (see sarap-record-keys.c).

CREATE TABLE record_key (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  holder TEXT NOT NULL, -- "user", "sync", or the fingerprint of a project key
  sealed BLOB NOT NULL,
  PRIMARY KEY (record, holder)
) WITHOUT ROWID;

-- Records. Of those that were sent, the sync row goes when their files are sealed too (next step).
DROP TRIGGER record_fixed;
DROP INDEX record_list;
ALTER TABLE record ADD COLUMN keeper TEXT NOT NULL DEFAULT ''; -- id of the user key whose records these are; '' at a kiosk
SELECT record_begin (number, CASE WHEN state IN (1, 2) THEN 'sync' WHEN state = 0 AND owner <> 'kiosk' THEN 'user' END) FROM record;
UPDATE record SET
  keeper = iif (owner = 'kiosk', '', user_id ()),
  name = record_sealed (number, 'name', name),
  search = record_sealed (number, 'search', search),
  page = record_sealed (number, 'page', page),
  review_comment = user_sealed ('record/comment/' || id, review_comment);
CREATE INDEX record_list ON record (number, state, form, owner, keeper);
CREATE TRIGGER record_fixed BEFORE UPDATE OF id, form, owner, name, revision, created_at, finalized_at ON record
WHEN OLD.state IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

-- Answers: `ref` is a tag of the question's path, `sealed` holds the path, a line feed and the value.
DROP TRIGGER answer_history_only_drafts;
ALTER TABLE answer RENAME TO old_answer;
CREATE TABLE answer (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  ref BLOB NOT NULL,
  kind INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL, -- within the revision
  sealed BLOB NOT NULL,
  PRIMARY KEY (record, ref, kind)
) WITHOUT ROWID;
INSERT INTO answer
SELECT record, record_tag (record, ref), kind, revision, place,
       record_sealed (record, 'answer/' || revision || '/' || place || '/' || kind, ref || coalesce (char (10) || value, ''))
FROM old_answer;
DROP TABLE old_answer;

ALTER TABLE answer_history RENAME TO old_answer_history;
CREATE TABLE answer_history (
  record INTEGER NOT NULL REFERENCES record (number) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL,
  ref BLOB NOT NULL,
  kind INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (record, revision, place)
) WITHOUT ROWID;
INSERT INTO answer_history
SELECT record, revision, place, record_tag (record, ref), kind,
       record_sealed (record, 'answer/' || revision || '/' || place || '/' || kind, ref || coalesce (char (10) || value, '')), at
FROM old_answer_history;
DROP TABLE old_answer_history;
CREATE TRIGGER answer_history_only_drafts BEFORE INSERT ON answer_history
WHEN (SELECT state FROM record WHERE number = NEW.record) <> 0
BEGIN SELECT RAISE (ABORT, 'only a draft takes answers'); END;

UPDATE audit_line SET line = record_sealed (record, 'audit/' || place, line);

-- Finalized bytes.
DROP TRIGGER record_xml_fixed;
UPDATE record_xml SET xml = record_sealed (record, 'xml', xml);
CREATE TRIGGER record_xml_fixed BEFORE UPDATE ON record_xml
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;

-- Attachments: `sha256` names the file, whose bytes are sealed; `content` is the hash of what was attached, sealed.
-- NULL: the file is not sealed yet. That happens between this step and the next (sarap_media_seal_old).
DROP TRIGGER attachment_not_changed;
ALTER TABLE attachment ADD COLUMN content BLOB;

-- A supervisor's copy. The tags find rows by an equal text.
DROP INDEX submission_list;
ALTER TABLE submission ADD COLUMN region_tag BLOB;
ALTER TABLE submission ADD COLUMN centre_tag BLOB;
ALTER TABLE submission ADD COLUMN submitter_tag BLOB;
UPDATE submission SET
  region_tag = user_tag (region), centre_tag = user_tag (centre), submitter_tag = user_tag (submitter),
  submitter = user_sealed ('submission/submitter/' || id, submitter),
  name = user_sealed ('submission/name/' || id, name),
  region = user_sealed ('submission/region/' || id, region),
  centre = user_sealed ('submission/centre/' || id, centre),
  search = user_sealed ('submission/search/' || id, search);
CREATE INDEX submission_list ON submission (number, form_id, review_state, region_tag, centre_tag, submitter_tag);
UPDATE submission_xml SET
  xml = user_sealed ('submission/xml/' || (SELECT id FROM submission WHERE number = submission_xml.submission), xml);
ALTER TABLE submission_attachment ADD COLUMN is_sealed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE review RENAME TO old_review;
DROP INDEX review_waiting;
CREATE TABLE review (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance TEXT NOT NULL,
  state INTEGER NOT NULL,
  comment BLOB NOT NULL,
  comment_tag BLOB NOT NULL,
  actor BLOB NOT NULL,
  actor_tag BLOB NOT NULL,
  at INTEGER NOT NULL,
  is_decided_here INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (instance, state, comment_tag, actor_tag, at)
);
INSERT INTO review
SELECT number, instance, state, user_sealed ('review/comment/' || instance, comment), user_tag (comment),
       user_sealed ('review/actor/' || instance, actor), user_tag (actor), at, is_decided_here, delivered_at
FROM old_review;
DROP TABLE old_review;
CREATE INDEX review_waiting ON review (number) WHERE is_decided_here AND delivered_at = 0;

UPDATE setting SET value = sync_sealed ('setting/' || key, value);
