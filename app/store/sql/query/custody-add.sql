-- in: :sequence, :record (instanceID or ''), :event, :manifest, :signature, :head (hex)  out: nothing
INSERT INTO custody (sequence, record, event, manifest, signature, head) VALUES (:sequence, :record, :event, :manifest, :signature, :head)
