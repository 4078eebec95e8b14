-- in: ?1 place, ?2 sum, ?3 entries
INSERT INTO bucket (place, sum, entries) VALUES (?1, ?2, ?3);
