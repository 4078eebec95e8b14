-- in: :record (number)  out: ref (tag), kind, revision, place, sealed (in the order in which they restore)
SELECT ref, kind, revision, place, sealed FROM answer WHERE record = :record ORDER BY revision, place
