-- in: :record (number), :place, :line  out: nothing
INSERT OR REPLACE INTO audit_line (record, place, line) VALUES (:record, :place, record_sealed (:record, 'audit/' || :place, :line))
