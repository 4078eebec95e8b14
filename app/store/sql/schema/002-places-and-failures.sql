-- How far a draft is: the page where it was left, counted from 1, among the pages that it had then (0: not known).
ALTER TABLE record ADD COLUMN page_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN n_pages INTEGER NOT NULL DEFAULT 0;

-- Why the last attempt to send failed: a number of whoever sends, -1 for none; `message` has the words.
ALTER TABLE record ADD COLUMN failure INTEGER NOT NULL DEFAULT -1;
