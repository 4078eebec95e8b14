-- Every file is sealed now: what was sent is the project's alone, and attachments of finalized records stay as they are.

DELETE FROM record_key WHERE holder = 'sync' AND record IN (SELECT number FROM record WHERE state = 2);

CREATE TRIGGER attachment_not_changed BEFORE UPDATE ON attachment
WHEN (SELECT state FROM record WHERE number = OLD.record) IN (1, 2)
BEGIN SELECT RAISE (ABORT, 'a finalized record is immutable'); END;
