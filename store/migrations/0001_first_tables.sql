-- The tables of the first Slipway. Times are UTC milliseconds; booleans are 0 and 1. Columns that no query asks for
-- by itself stand together in one JSON document. Indexes are partial wherever history grows without end: what is
-- asked often is about what is still open.

CREATE TABLE inbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  forge TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  headers TEXT NOT NULL,
  body BLOB,  -- zstd; NULL once forgotten
  received INTEGER NOT NULL,
  handled INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  UNIQUE (id, forge)
) STRICT;
CREATE INDEX inbox_pending ON inbox (sequence) WHERE handled = 0;
CREATE INDEX inbox_handled ON inbox (received) WHERE handled = 1;
CREATE INDEX inbox_bodies ON inbox (received) WHERE handled = 1 AND body IS NOT NULL;

-- `leads`: it is the oldest of its lane, so it alone may be claimed. The database itself refuses a second leader, and
-- with it a second running job of a lane.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  due INTEGER NOT NULL,
  key TEXT NOT NULL,
  leads INTEGER NOT NULL,
  running INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  holder TEXT NOT NULL DEFAULT '',
  lease_until INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  CHECK (leads = 1 OR running = 0)
) STRICT;
CREATE INDEX jobs_lanes ON jobs (lane, id);
CREATE UNIQUE INDEX jobs_leaders ON jobs (lane) WHERE leads = 1;
CREATE UNIQUE INDEX jobs_keys ON jobs (lane, key) WHERE running = 0 AND key <> '';
CREATE INDEX jobs_claimable ON jobs (kind, priority, due, id) WHERE running = 0 AND leads = 1;
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE running = 1;

CREATE TABLE dead_jobs (
  id INTEGER PRIMARY KEY,  -- as it was among the jobs
  died INTEGER NOT NULL,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  due INTEGER NOT NULL,
  key TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  error TEXT NOT NULL
) STRICT;
CREATE INDEX dead_jobs_died ON dead_jobs (died, id);

-- One row. `fence` grows over all jobs, since a lane's next job must outrank its last; `pulse` is what a look at our
-- health writes, to learn whether the disk still takes it.
CREATE TABLE counters (fence INTEGER NOT NULL, pulse INTEGER NOT NULL) STRICT;
INSERT INTO counters (fence, pulse) VALUES (0, 0);

CREATE TABLE pulls (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  held TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, number)
) STRICT;
CREATE INDEX pulls_open ON pulls (forge, repo, updated) WHERE settled = 0;
CREATE INDEX pulls_updated ON pulls (updated);

CREATE TABLE repos (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  branch TEXT NOT NULL,
  baseline TEXT NOT NULL,
  seen TEXT NOT NULL,
  pulls_since INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, branch)
) STRICT;

CREATE TABLE changes (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  updated INTEGER NOT NULL,
  held TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, number, dir, workspace, name)
) STRICT;
CREATE INDEX changes_of_state ON changes (forge, repo, dir, workspace, state);
CREATE INDEX changes_in ON changes (state, updated);

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  made INTEGER NOT NULL,
  shed INTEGER NOT NULL DEFAULT 0,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX plans_of_change ON plans (forge, repo, number, dir, workspace, name, made);
CREATE INDEX plans_with_blobs ON plans (made) WHERE shed = 0;

-- Equal bytes have one name: a blob goes when the last plan that names it is shed.
CREATE TABLE plan_blobs (
  blob TEXT NOT NULL,
  plan TEXT NOT NULL REFERENCES plans (id),
  PRIMARY KEY (blob, plan)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_blobs_of_plan ON plan_blobs (plan);

CREATE TABLE state_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  newest INTEGER NOT NULL,
  lineage TEXT NOT NULL,
  serial INTEGER NOT NULL,
  digest TEXT NOT NULL,
  terraform_version TEXT NOT NULL,
  resources INTEGER NOT NULL,
  run TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  pull_forge TEXT NOT NULL,
  pull_repo TEXT NOT NULL,
  pull_number INTEGER NOT NULL,
  commit_sha TEXT NOT NULL,
  at INTEGER NOT NULL,
  machines TEXT NOT NULL,
  mapping TEXT NOT NULL
) STRICT;
CREATE INDEX state_versions_of_state ON state_versions (forge, repo, dir, workspace, id);
CREATE UNIQUE INDEX state_versions_newest ON state_versions (forge, repo, dir, workspace) WHERE newest = 1;

CREATE TABLE state_locks (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  info TEXT NOT NULL,
  run TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, dir, workspace)
) STRICT;

CREATE TABLE grants (
  token_digest TEXT PRIMARY KEY,
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  run TEXT NOT NULL,
  may_write INTEGER NOT NULL,
  fence INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_of_run ON grants (run);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  dir TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  commit_sha TEXT NOT NULL,
  actor TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  outcome TEXT NOT NULL,
  summary TEXT NOT NULL,
  log_kept INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX runs_of_pull ON runs (forge, repo, number, started);
CREATE INDEX runs_started ON runs (started);
CREATE INDEX runs_with_log ON runs (ended) WHERE log_kept = 1;

CREATE TABLE run_logs (
  run TEXT NOT NULL REFERENCES runs (id),
  part INTEGER NOT NULL,
  chunk BLOB NOT NULL,
  PRIMARY KEY (run, part)
) STRICT;

CREATE TABLE said (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  slot TEXT NOT NULL,
  comment INTEGER NOT NULL,
  digest TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, number, slot)
) STRICT;

-- Comments that were acted on.
CREATE TABLE heard (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  number INTEGER NOT NULL,
  comment INTEGER NOT NULL,
  PRIMARY KEY (forge, repo, number, comment)
) STRICT, WITHOUT ROWID;

CREATE TABLE statuses (
  forge TEXT NOT NULL,
  repo TEXT NOT NULL,
  commit_sha TEXT NOT NULL,
  context TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (forge, repo, commit_sha, context)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
