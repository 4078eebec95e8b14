-- in: :record (number), :name  out: sha256 (hex, of the sealed file)
SELECT sha256 FROM attachment WHERE record = :record AND name = :name
