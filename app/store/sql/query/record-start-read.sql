-- in: :record (number)  out: sequence (of the chain), wall (unix ms), monotonic (ms), boot
SELECT sequence, wall, monotonic, boot FROM record_start WHERE record = :record
