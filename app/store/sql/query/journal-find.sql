-- in: :id (instanceID)  out: number, state, revision
SELECT number, state, revision FROM record WHERE id = :id
