-- in: :form_id, :owner, :search (folded), :state (-1: all); NULL: all  out: n
SELECT count(*) AS n FROM record
WHERE (:state < 0 OR state = :state)
  AND (:owner IS NULL OR owner = :owner)
  AND (:form_id IS NULL OR form IN (SELECT number FROM form WHERE id = :form_id))
  AND keeper IN ('', user_id ())
  AND (:search IS NULL OR instr (record_shown (number, 'search', search), :search) > 0)
