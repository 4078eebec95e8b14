-- in: :project :xml_form_id :version :title :hash :xml :is_encrypted :file_paths (a line each) :now (unix ms)
INSERT INTO form (project_id, xml_form_id, version, title, hash, xml, is_encrypted, file_paths, created_at)
VALUES (:project, :xml_form_id, :version, :title, :hash, :xml, :is_encrypted, :file_paths, :now)
