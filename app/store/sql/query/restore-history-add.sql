-- in: :record (number), :revision, :place, :ref (tag), :kind, :sealed, :at (unix ms)  out: nothing
INSERT OR REPLACE INTO answer_history (record, revision, place, ref, kind, sealed, at)
VALUES (:record, :revision, :place, :ref, :kind, :sealed, :at)
