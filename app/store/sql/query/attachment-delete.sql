-- in: :record (number), :name  out: nothing
DELETE FROM attachment WHERE record = :record AND name = :name
