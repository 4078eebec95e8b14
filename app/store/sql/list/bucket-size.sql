-- in: ?1 place  out: bytes of its entries
SELECT length(entries) FROM bucket WHERE place = ?1;
