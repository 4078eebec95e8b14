-- in: :id (instanceID), :attachment (name)  out: nothing
INSERT OR IGNORE INTO record_part (record, attachment)
SELECT number, :attachment FROM record WHERE id = :id
