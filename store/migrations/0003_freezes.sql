-- What persons hold back. An empty column is any: no forge and repo is everything, no dir all of the repository.
CREATE TABLE freezes (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  by_operator INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,  -- NULL: until a person ends it
  PRIMARY KEY (forge, repo, dir, workspace, name)
) STRICT;
