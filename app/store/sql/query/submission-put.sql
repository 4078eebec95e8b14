-- in: a SarapSubmission, :search (folded), :sequence  out: nothing
-- A decision made here that is not delivered yet stands.
INSERT INTO submission (id, form_id, form_version, submitter, name, region, centre, search, received_at, review_state, sequence)
VALUES (:id, :form_id, :form_version, :submitter, :name, :region, :centre, :search, :received_at, :review_state, :sequence)
ON CONFLICT (id) DO UPDATE SET
  form_id = :form_id, form_version = :form_version, submitter = :submitter, name = :name, region = :region, centre = :centre,
  search = :search, received_at = :received_at, sequence = max(sequence, :sequence),
  review_state = iif(EXISTS (SELECT 1 FROM review WHERE instance = :id AND is_decided_here AND delivered_at = 0), review_state, :review_state)
