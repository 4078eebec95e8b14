-- in: :sequence, :head (hex), :signature  out: nothing
INSERT OR REPLACE INTO custody_end (only, sequence, head, signature) VALUES (1, :sequence, :head, :signature)
