-- out: n_rows, n_buckets, names, dates, sum
SELECT n_rows, n_buckets, names, dates, sum FROM fact;
