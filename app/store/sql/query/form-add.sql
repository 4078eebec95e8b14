-- in: :id, :version, :title, :hash, :origin, :now (unix ms), :xml  out: number
INSERT INTO form (id, version, title, hash, origin, is_current, added_at, xml)
VALUES (:id, :version, :title, :hash, :origin, 1, :now, :xml)
ON CONFLICT (id, version, hash) DO UPDATE SET origin = :origin, is_hidden = 0
RETURNING number
