-- in: :id (instanceID), :xml  out: nothing
INSERT INTO submission_xml (submission, xml) SELECT number, :xml FROM submission WHERE id = :id
ON CONFLICT (submission) DO UPDATE SET xml = :xml
