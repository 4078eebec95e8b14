-- in: a SarapSubmission, :search (folded), :sequence  out: nothing
-- A decision made here that is not delivered yet stands.
INSERT INTO submission (id, form_id, form_version, submitter, name, region, centre, search, submitter_tag, region_tag, centre_tag,
                        received_at, review_state, sequence)
VALUES (:id, :form_id, :form_version,
        user_sealed ('submission/submitter/' || :id, :submitter), user_sealed ('submission/name/' || :id, :name),
        user_sealed ('submission/region/' || :id, :region), user_sealed ('submission/centre/' || :id, :centre),
        user_sealed ('submission/search/' || :id, :search), user_tag (:submitter), user_tag (:region), user_tag (:centre),
        :received_at, :review_state, :sequence)
ON CONFLICT (id) DO UPDATE SET
  form_id = :form_id, form_version = :form_version, submitter = excluded.submitter, name = excluded.name, region = excluded.region,
  centre = excluded.centre, search = excluded.search, submitter_tag = excluded.submitter_tag, region_tag = excluded.region_tag,
  centre_tag = excluded.centre_tag, received_at = :received_at, sequence = max (sequence, :sequence),
  review_state = iif (EXISTS (SELECT 1 FROM review WHERE instance = :id AND is_decided_here AND delivered_at = 0), review_state, :review_state)
