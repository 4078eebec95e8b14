-- in: :project  out: newest version of each form, number of submissions of all versions last
SELECT id, project_id, xml_form_id, version, title, hash, state, is_encrypted, file_paths,
       (SELECT count(*) FROM submission
        WHERE submission.project_id = form.project_id AND submission.xml_form_id = form.xml_form_id
          AND superseded_by IS NULL)
FROM form
WHERE project_id = :project
  AND id = (SELECT max(newer.id) FROM form AS newer
            WHERE newer.project_id = form.project_id AND newer.xml_form_id = form.xml_form_id)
ORDER BY id
