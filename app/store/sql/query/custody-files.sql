-- in: :record (number)  out: name, file (hex, of the sealed file), content (hex; NULL: not to be read here), sealed (content as it is stored), size (bytes)
SELECT name, sha256 AS file, record_shown (record, 'attachment/' || name, content) AS content, content AS sealed, size
FROM attachment WHERE record = :record ORDER BY name
