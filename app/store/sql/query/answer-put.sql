-- in: :record (number), :ref (tag), :kind, :revision, :place, :sealed  out: nothing
INSERT INTO answer (record, ref, kind, revision, place, sealed)
VALUES (:record, :ref, :kind, :revision, :place, :sealed)
ON CONFLICT (record, ref, kind) DO UPDATE SET revision = :revision, place = :place, sealed = :sealed
