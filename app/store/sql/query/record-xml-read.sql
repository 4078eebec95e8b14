-- in: :record (number)  out: xml (the exact bytes)
SELECT xml FROM record_xml WHERE record = :record
