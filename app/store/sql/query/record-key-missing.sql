-- in: :holder  out: number, state of the records that :holder has no key of
SELECT number, state FROM record
WHERE NOT EXISTS (SELECT 1 FROM record_key WHERE record = number AND holder = :holder)
  AND EXISTS (SELECT 1 FROM record_key WHERE record = number)
