-- in: :project :xml_form_id :version (NULL: newest)  out: one form, xml last
SELECT id, project_id, xml_form_id, version, title, hash, state, is_encrypted, file_paths, xml
FROM form
WHERE project_id = :project AND xml_form_id = :xml_form_id AND (:version IS NULL OR version = :version)
ORDER BY id DESC
LIMIT 1
