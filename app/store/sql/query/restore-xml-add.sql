-- in: :record (number), :sha256 (hex), :xml (sealed)  out: nothing
INSERT INTO record_xml (record, sha256, xml) VALUES (:record, :sha256, :xml)
