-- in: :record (number)  out: ref (tag), kind, revision, place, sealed, at (unix ms); in the order in which they were made
SELECT ref, kind, revision, place, sealed, at FROM answer_history WHERE record = :record ORDER BY revision, place
