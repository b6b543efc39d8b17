#pragma once

#include "store/sql/audit.h"
#include "store/sql/changes.h"
#include "store/sql/freezes.h"
#include "store/sql/inbox.h"
#include "store/sql/jobs.h"
#include "store/sql/plans.h"
#include "store/sql/pulls.h"
#include "store/sql/runs.h"
#include "store/sql/said.h"
#include "store/sql/states.h"
#include "store/tables.h"

namespace slipway::store {

/// All tables over one connection, for the length of one transaction.
class SqlTables {
 public:
  explicit SqlTables(Connection& connection)
      : inbox(connection),
        jobs(connection),
        pulls(connection),
        changes(connection),
        plans(connection),
        states(connection),
        runs(connection),
        said(connection),
        audit(connection),
        freezes(connection) {}

  Transaction transaction() {
    return {inbox, jobs, pulls, changes, plans, states, runs, said, audit, freezes};
  }
  Snapshot snapshot() const {
    return {inbox, jobs, pulls, changes, plans, states, runs, said, audit, freezes};
  }

  SqlInbox inbox;
  SqlJobs jobs;
  SqlPulls pulls;
  SqlChanges changes;
  SqlPlans plans;
  SqlStates states;
  SqlRuns runs;
  SqlSaid said;
  SqlAudit audit;
  SqlFreezes freezes;
};

}  // namespace slipway::store
