-- A large list, written once. Blobs carry a sum of their bytes; numbers in them are little-endian.
-- fact: one row. names: the columns, each ended by NUL; dates: a byte for each, 1 when a cell may be a date
CREATE TABLE fact (n_rows INTEGER NOT NULL, n_buckets INTEGER NOT NULL, names BLOB NOT NULL, dates BLOB NOT NULL, sum INTEGER NOT NULL);
-- chunk: rows from `first` on; cells one after the other, each ended by NUL
CREATE TABLE chunk (first INTEGER PRIMARY KEY, sum INTEGER NOT NULL, cells BLOB NOT NULL);
-- bucket: place = column * n_buckets + hash modulo n_buckets; entries: pairs of hash and row (4 bytes each), by row; every place is there
CREATE TABLE bucket (place INTEGER PRIMARY KEY, sum INTEGER NOT NULL, entries BLOB NOT NULL);
