-- in: :record (number)  out: sha256 (hex), xml (sealed)
SELECT sha256, xml FROM record_xml WHERE record = :record
