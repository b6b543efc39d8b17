-- What came to a base branch without a pull request is found by looking at each of its commits once. A rewritten
-- branch goes on counting the places of its merges where it was.
ALTER TABLE repos ADD COLUMN accounted TEXT NOT NULL DEFAULT '';
ALTER TABLE repos ADD COLUMN counted_from TEXT NOT NULL DEFAULT '';
ALTER TABLE repos ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repos ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
