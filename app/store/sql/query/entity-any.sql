-- in: :list  out: one (no row: none)
SELECT 1 AS one FROM entity WHERE list = :list LIMIT 1
