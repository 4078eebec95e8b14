-- in: :id (instanceID)  out: ref, label, value, text (all NULL where the record is sealed for others)
SELECT record_shown (a.record, 'aside/ref/' || a.place, a.ref) AS ref, record_shown (a.record, 'aside/label/' || a.place, a.label) AS label,
       record_shown (a.record, 'aside/value/' || a.place, a.value) AS value, record_shown (a.record, 'aside/text/' || a.place, a.text) AS text
FROM answer_aside AS a JOIN record AS r ON r.number = a.record
WHERE r.id = :id
ORDER BY a.place
