-- in: :list, :id, :version, :trunk, :branch, :content  out: nothing
INSERT OR REPLACE INTO entity (list, id, version, trunk, branch, sealed)
VALUES (:list, :id, :version, :trunk, :branch, sync_sealed ('entity/' || :list || '/' || :id, :content))
