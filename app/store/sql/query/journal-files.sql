-- in: :record (number)  out: name, sha256 (hex, of the sealed file), content (sealed hash of what was attached), size (bytes)
SELECT name, sha256, content, size FROM attachment WHERE record = :record ORDER BY name
