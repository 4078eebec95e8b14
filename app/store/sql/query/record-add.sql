-- in: :id (instanceID), :form (number), :owner, :name, :search (folded), :language, :now (unix ms)  out: nothing
INSERT INTO record (id, form, owner, name, search, language, revision, created_at, updated_at)
VALUES (:id, :form, :owner, :name, :search, :language, 1, :now, :now)
