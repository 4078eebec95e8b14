-- in: :record (number), :ref  out: nothing
-- Everything at or below :ref: "0" follows "/" and "\" follows "[" in the order of bytes.
DELETE FROM answer
WHERE record = :record
  AND (ref = :ref OR (ref > :ref || '/' AND ref < :ref || '0') OR (ref > :ref || '[' AND ref < :ref || '\'))
