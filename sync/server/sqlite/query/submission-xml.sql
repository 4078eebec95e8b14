-- in: :submission  out: xml
SELECT xml FROM submission WHERE id = :submission
