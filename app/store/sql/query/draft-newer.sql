-- in: :id (instanceID)  out: number, form (number), current (number of the newer version that is offered; 0: none), state, version (of form), language
SELECT r.number, r.form, coalesce (n.number, 0) AS current, r.state, f.version, r.language
FROM record AS r JOIN form AS f ON f.number = r.form
LEFT JOIN form AS n ON n.id = f.id AND n.is_current AND NOT n.is_hidden AND n.number <> f.number
WHERE r.id = :id
