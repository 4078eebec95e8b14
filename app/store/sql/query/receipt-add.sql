-- in: :id (instanceID), :receipt (NULL: none), :now (unix ms)  out: nothing
INSERT INTO receipt (record, receipt, at) SELECT number, :receipt, :now FROM record WHERE id = :id
