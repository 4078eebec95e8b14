-- in: :id (instanceID), :form (number), :owner, :is_kept (0 or 1: the user reads it again), :language, :now (unix ms)  out: nothing
-- The name follows once the record has a key (record-touch).
INSERT INTO record (id, form, owner, keeper, language, revision, created_at, updated_at)
VALUES (:id, :form, :owner, iif (:is_kept, user_id (), ''), :language, 1, :now, :now)
