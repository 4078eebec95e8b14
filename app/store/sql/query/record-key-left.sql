-- in: :old, :new (holders)  out: n, how many records :old has a key of and :new has not
SELECT count (*) AS n FROM record_key AS old
WHERE old.holder = :old AND NOT EXISTS (SELECT 1 FROM record_key AS new WHERE new.record = old.record AND new.holder = :new)
