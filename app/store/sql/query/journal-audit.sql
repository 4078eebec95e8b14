-- in: :record (number), :after (place)  out: place, line (sealed); in order
SELECT place, line FROM audit_line WHERE record = :record AND place > :after ORDER BY place
