-- The place of a change's merge on its base branch has a column: what was applied last is found by it, and what
-- is not merged yet.
ALTER TABLE changes ADD COLUMN trigger_order INTEGER NOT NULL DEFAULT 0;
CREATE INDEX changes_by_order ON changes (forge, repo, dir, workspace, trigger_order);
DROP INDEX changes_of_state;
CREATE INDEX changes_of_state ON changes (forge, repo, dir, workspace, state, trigger_order);
CREATE INDEX changes_of_repo ON changes (forge, repo, state);

-- A new write grant ends the older ones of its state.
CREATE INDEX grants_of_state ON grants (forge, repo, dir, workspace);
