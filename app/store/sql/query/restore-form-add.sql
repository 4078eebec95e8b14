-- in: :wanted (number; taken or 0: any), :id, :version, :title, :hash, :origin, :is_current (0 or 1), :is_hidden (0 or 1), :now (unix ms), :xml  out: nothing
INSERT INTO form (number, id, version, title, hash, origin, is_current, is_hidden, added_at, xml)
VALUES (iif (:wanted = 0 OR EXISTS (SELECT 1 FROM form WHERE number = :wanted), NULL, :wanted),
        :id, :version, :title, :hash, :origin, :is_current, :is_hidden, :now, :xml)
