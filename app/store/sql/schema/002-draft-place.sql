-- How far a draft is: the page where it was left, counted from 1, among the pages that it had then (0: not known).
ALTER TABLE record ADD COLUMN page_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN n_pages INTEGER NOT NULL DEFAULT 0;
