-- in: ?1 rows, ?2 buckets a column, ?3 names, ?4 dates, ?5 sum of names and dates
INSERT INTO fact (n_rows, n_buckets, names, dates, sum) VALUES (?1, ?2, ?3, ?4, ?5);
