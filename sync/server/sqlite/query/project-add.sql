-- in: :name :now (unix ms)
INSERT INTO project (name, created_at) VALUES (:name, :now)
