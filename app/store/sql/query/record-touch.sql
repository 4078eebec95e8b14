-- in: :record (number), :answers (0 or 1), :name, :search, :language, :page, :page_number, :n_pages (NULL: as before), :now (unix ms)  out: revision
UPDATE record SET
  revision = revision + :answers,
  name = coalesce (record_sealed (number, 'name', :name), name),
  search = coalesce (record_sealed (number, 'search', :search), search),
  language = coalesce (:language, language), page = coalesce (record_sealed (number, 'page', :page), page),
  page_number = coalesce (:page_number, page_number), n_pages = coalesce (:n_pages, n_pages),
  updated_at = :now
WHERE number = :record AND state = 0
RETURNING revision
