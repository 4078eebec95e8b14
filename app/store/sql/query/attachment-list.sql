-- in: :record (number)  out: name, sha256 (hex, of the sealed file), content (hex, of what was attached; NULL: not to be read here), size (bytes)
SELECT name, sha256, record_shown (record, 'attachment/' || name, content) AS content, size FROM attachment WHERE record = :record ORDER BY name
