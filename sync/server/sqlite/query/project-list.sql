-- in: :supervisor (0: all)  out: id, name, number of forms, created_at (unix ms)
SELECT id, name,
       (SELECT count(DISTINCT xml_form_id) FROM form WHERE form.project_id = project.id),
       created_at
FROM project
WHERE :supervisor = 0
   OR id IN (SELECT project_id FROM assignment WHERE supervisor_id = :supervisor)
ORDER BY id
