-- in: :record (number), :revision, :place  out: nothing
INSERT OR REPLACE INTO answer (record, ref, kind, revision, place, sealed)
SELECT record, ref, kind, revision, place, sealed FROM answer_history WHERE record = :record AND revision = :revision AND place = :place
