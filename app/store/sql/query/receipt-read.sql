-- in: :id (instanceID)  out: receipt (NULL: the server gave none)
SELECT receipt FROM receipt WHERE record = (SELECT number FROM record WHERE id = :id)
