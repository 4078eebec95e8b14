-- in: :number (NULL: a new one), :id (instanceID), :form (number), :owner, :keeper, :language, :revision, :created_at, :updated_at (unix ms),
--     :name, :search, :page (sealed), :page_number, :n_pages  out: nothing
INSERT INTO record (number, id, form, owner, keeper, language, revision, created_at, updated_at, name, search, page, page_number, n_pages)
VALUES (:number, :id, :form, :owner, :keeper, :language, :revision, :created_at, :updated_at, coalesce (:name, ''), coalesce (:search, ''), :page, :page_number, :n_pages)
