-- in: ?1 place  out: place, sum, entries
SELECT place, sum, entries FROM bucket WHERE place = ?1;
