-- in: nothing  out: number, id (instanceID), state, has_start (0 or 1) of every finalized record
SELECT number, id, state, EXISTS (SELECT 1 FROM record_start WHERE record_start.record = number) AS has_start
FROM record WHERE state IN (1, 2) ORDER BY number
