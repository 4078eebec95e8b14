-- in: :id (instanceID)  out: attachment (name)
SELECT attachment FROM record_part WHERE record = (SELECT number FROM record WHERE id = :id) ORDER BY attachment
