-- in: ?1 first row, ?2 sum, ?3 cells
INSERT INTO chunk (first, sum, cells) VALUES (?1, ?2, ?3);
