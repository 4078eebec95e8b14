-- in: ?1 row  out: the chunk that holds it: first row, sum, cells
SELECT first, sum, cells FROM chunk WHERE first <= ?1 ORDER BY first DESC LIMIT 1;
