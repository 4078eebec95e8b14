-- in: :record (number), :ref, :kind, :revision, :place, :value  out: nothing
INSERT INTO answer (record, ref, kind, revision, place, value)
VALUES (:record, :ref, :kind, :revision, :place, :value)
ON CONFLICT (record, ref, kind) DO NOTHING
