-- in: :record (number), :revision, :place, :ref, :kind, :value, :at (unix ms)  out: nothing
INSERT INTO answer_history (record, revision, place, ref, kind, value, at)
VALUES (:record, :revision, :place, :ref, :kind, :value, :at)
