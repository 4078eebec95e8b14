-- in: :record (number)  out: kind, ref, value (in the order in which they restore)
SELECT kind, ref, value FROM answer WHERE record = :record ORDER BY revision, place
