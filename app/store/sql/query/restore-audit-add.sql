-- in: :record (number), :place, :line (sealed)  out: nothing
INSERT OR REPLACE INTO audit_line (record, place, line) VALUES (:record, :place, :line)
