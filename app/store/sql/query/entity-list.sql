-- in: :list  out: id, version, trunk, branch, content
SELECT id, version, trunk, branch, sync_opened ('entity/' || list || '/' || id, sealed) AS content FROM entity WHERE list = :list ORDER BY number
