-- in: nothing  out: sequence, record (instanceID or ''), event, manifest, signature, head (hex), in order
SELECT sequence, record, event, manifest, signature, head FROM custody ORDER BY sequence
