-- in: nothing  out: sequence (0: none yet)
SELECT coalesce(max(sequence), 0) AS sequence FROM submission
