-- in: :record (number), :sequence (of the chain), :wall (unix ms), :monotonic (ms), :boot  out: nothing
INSERT INTO record_start (record, sequence, wall, monotonic, boot) VALUES (:record, :sequence, :wall, :monotonic, :boot)
