-- in: :record (number), :ref (tag)  out: nothing
DELETE FROM answer WHERE record = :record AND ref = :ref
