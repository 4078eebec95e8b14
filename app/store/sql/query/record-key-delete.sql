-- in: :record (number), :holder  out: nothing
DELETE FROM record_key WHERE record = :record AND holder = :holder
