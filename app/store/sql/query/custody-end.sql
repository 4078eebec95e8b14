-- in: nothing  out: sequence, head (hex), signature
SELECT sequence, head, signature FROM custody_end
