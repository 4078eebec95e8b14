-- in: all columns; :app_user 0 is none
INSERT INTO submission (project_id, form_id, xml_form_id, version, instance_id, deprecated_id, superseded_by,
                        instance_name, region, centre, app_user_id, submitter, xml, sha256, is_complete,
                        review_state, sequence, created_at, updated_at)
VALUES (:project, :form, :xml_form_id, :version, :instance_id, :deprecated_id, :superseded_by,
        :instance_name, :region, :centre, nullif(:app_user, 0), :submitter, :xml, :sha256, :is_complete,
        :review_state, :sequence, :now, :now)
