-- out: first row, sum, cells of every chunk, in order
SELECT first, sum, cells FROM chunk ORDER BY first;
