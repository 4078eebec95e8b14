-- in: :name  out: value
SELECT value FROM setting WHERE name = :name
