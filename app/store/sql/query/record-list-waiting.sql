-- in: nothing  out: number: each draft and each record that waits to be sent
SELECT number FROM record WHERE state IN (0, 1) ORDER BY number
