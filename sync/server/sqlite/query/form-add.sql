-- in: :project :xml_form_id :version :title :hash :xml :is_encrypted :file_paths (a line each) :now (unix ms);
-- a new version is as open as the one before
INSERT INTO form (project_id, xml_form_id, version, title, hash, xml, is_encrypted, file_paths, created_at, state)
VALUES (:project, :xml_form_id, :version, :title, :hash, :xml, :is_encrypted, :file_paths, :now,
        coalesce((SELECT state FROM form WHERE project_id = :project AND xml_form_id = :xml_form_id LIMIT 1), 'open'))
