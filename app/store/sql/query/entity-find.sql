-- in: :list, :id  out: version, trunk, branch, content
SELECT version, trunk, branch, sync_opened ('entity/' || list || '/' || id, sealed) AS content FROM entity WHERE list = :list AND id = :id
