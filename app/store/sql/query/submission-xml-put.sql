-- in: :id (instanceID), :xml  out: nothing
INSERT INTO submission_xml (submission, xml) SELECT number, user_sealed ('submission/xml/' || id, :xml) FROM submission WHERE id = :id
ON CONFLICT (submission) DO UPDATE SET xml = excluded.xml
