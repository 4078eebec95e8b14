-- in: :record (number)  out: xml (the exact bytes)
SELECT record_opened (record, 'xml', xml) AS xml FROM record_xml WHERE record = :record
