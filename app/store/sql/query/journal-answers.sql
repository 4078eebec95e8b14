-- in: :record (number), :after (revision)  out: revision, place, kind, at (unix ms), ref (tag), sealed; in order
SELECT revision, place, kind, at, ref, sealed FROM answer_history WHERE record = :record AND revision > :after ORDER BY revision, place
