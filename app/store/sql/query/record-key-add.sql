-- in: :record (number), :holder, :sealed  out: nothing
INSERT INTO record_key (record, holder, sealed) VALUES (:record, :holder, :sealed)
ON CONFLICT (record, holder) DO UPDATE SET sealed = :sealed
