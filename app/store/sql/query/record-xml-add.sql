-- in: :record (number), :sha256 (hex), :xml (the exact bytes)  out: nothing
INSERT INTO record_xml (record, sha256, xml) VALUES (:record, :sha256, record_sealed (:record, 'xml', :xml))
