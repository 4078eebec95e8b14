-- in: :record (number)  out: name, sha256 (hex), size (bytes)
SELECT name, sha256, size FROM attachment WHERE record = :record ORDER BY name
