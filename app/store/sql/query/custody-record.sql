-- in: :id (instanceID)  out: number, state, finalized_at (unix ms), form_id, form_version, form_hash, name (sealed), sha256 (hex) and sealed of the XML (NULL: it is missing), receipt
SELECT record.number AS number, state, finalized_at, form.id AS form_id, form.version AS form_version, form.hash AS form_hash, record.name AS name,
       record_xml.sha256 AS sha256, record_xml.xml AS sealed, receipt.receipt AS receipt
FROM record JOIN form ON form.number = record.form
LEFT JOIN record_xml ON record_xml.record = record.number
LEFT JOIN receipt ON receipt.record = record.number
WHERE record.id = :id
