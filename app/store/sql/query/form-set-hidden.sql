-- in: :id, :is_hidden (0 or 1)  out: nothing
UPDATE form SET is_hidden = :is_hidden WHERE id = :id
