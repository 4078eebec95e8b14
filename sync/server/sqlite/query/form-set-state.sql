-- in: :project :xml_form_id :state: of all versions
UPDATE form SET state = :state WHERE project_id = :project AND xml_form_id = :xml_form_id
