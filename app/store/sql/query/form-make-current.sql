-- in: :id, :number  out: nothing
UPDATE form SET is_current = (number = :number) WHERE id = :id
