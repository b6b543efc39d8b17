#include "store/sqlite/connection.h"
#include "store/sqlite_store.h"
#include "tests/store/contract.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace slipway;
using namespace slipway::store;

namespace {

/// Notes every statement that the tables run.
class NotingConnection final : public Connection {
 public:
  NotingConnection(std::unique_ptr<Connection> inner, std::set<std::string>& noted)
      : inner_(std::move(inner)), noted_(noted) {}

  void begin(Intent intent) override { inner_->begin(intent); }
  void commit() override { inner_->commit(); }
  void rollback() noexcept override { inner_->rollback(); }
  void read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) override {
    noted_.emplace(sql);
    inner_->read(sql, values, each);
  }
  std::size_t write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) override {
    noted_.emplace(sql);
    return inner_->write(sql, values, each);
  }
  void script(std::string_view sql) override { inner_->script(sql); }
  std::int64_t schema_version() override { return inner_->schema_version(); }
  void set_schema_version(std::int64_t version) override { inner_->set_schema_version(version); }

 private:
  std::unique_ptr<Connection> inner_;
  std::set<std::string>& noted_;
};

const Lease kLease{"here", at(0), at(30)};

void use_queue(Transaction& in) {
  const auto claim = [&] { return in.jobs.claim({"plan"}, kLease).value(); };
  const auto add = [&](const char* key) {
    in.jobs.add({.kind = "plan", .lane = "a", .payload = {}, .due = at(0), .key = key});
  };
  add("edit");
  in.jobs.next_due({"plan"});
  const Job first = claim();
  add("edit");
  in.jobs.beat(first, kLease);
  in.jobs.release("here", "there");
  in.jobs.retry(first, at(0), "again");
  in.jobs.bury(claim(), at(1), "gave up");
  const std::int64_t dead = in.jobs.dead(1).front().job.id;
  in.jobs.revive(dead, at(0));
  in.jobs.drop_dead(dead);
  add("");
  in.jobs.in_lane("a");
  in.jobs.drop_waiting("a", "plan");
  add("");
  in.jobs.finish(claim());
}

void use_inbox(Transaction& in) {
  in.inbox.pending(1);
  in.inbox.handled(1, "ignored");
  in.inbox.find("d-1");
  in.inbox.list(0, 1);
  in.inbox.reopen("d-1");
  in.inbox.forget(at(0), at(0));
}

void use_pulls_and_changes(Transaction& in) {
  PullRow pull;
  pull.pull.id = kPull;
  in.pulls.save(pull);
  in.pulls.save(*in.pulls.find(kPull));
  in.pulls.open(kRepo);
  in.pulls.recent(1);
  in.pulls.save_repo({kRepo, "main", "", "", at(0)});
  in.pulls.repo(kRepo, "main");
  Change change;
  change.id = kChange;
  in.changes.save(change);
  in.changes.save(*in.changes.find(kChange));
  in.changes.of_pull(kPull);
  in.changes.of_state(kState, {"Queued"});
  in.changes.newest_through(kState);
  in.changes.planned(kState);
  in.changes.queued(kRepo);
  in.changes.in({"Queued"}, 1);
  in.changes.drop(kChange);
}

void use_plans_and_states(Transaction& in) {
  PlanRecord plan;
  plan.id = "7f3a";
  plan.change = kChange;
  plan.plan_file = "blob";
  in.plans.add(plan);
  in.plans.find("7f3a");
  in.plans.of_change(kChange);
  in.plans.shown("7f3a", at(0));
  in.plans.shed_blobs(at(1'000'000));
  StateVersion version;
  version.key = kState;
  version.digest = "state";
  in.states.find(in.states.add(version));
  in.states.latest(kState);
  in.states.versions(kState, 1);
  in.states.all_latest();
  in.states.save_machines(1, {}, "");
  in.states.take_lock({kState, "lock", "{}", "r1", at(0)});
  in.states.lock(kState);
  in.states.drop_lock(kState);
  in.states.grant({"token", kState, "r1", true, 1});
  in.states.granted("token");
  in.states.revoke("r1");
}

void use_the_rest(Transaction& in) {
  RunRow run;
  run.id = "r1";
  run.change = kChange;
  in.runs.start(run);
  in.runs.add_log("r1", 0, Sealed::stored("log"));
  in.runs.end("r1", at(0), "ok", "");
  in.runs.find("r1");
  in.runs.of_pull(kPull);
  in.runs.recent(1);
  in.runs.log("r1", 0);
  in.runs.forget_logs(at(1));
  in.said.save({kPull, "sticky", 1, "", at(0)});
  in.said.find(kPull, "sticky");
  in.said.first_time(kPull, 1);
  in.said.save_status(kRepo, "h1", "plan", "ok");
  in.said.status(kRepo, "h1", "plan");
  in.audit.add({});
  in.audit.list(0, 1);
  in.freezes.save({});
  in.freezes.all();
  in.freezes.forget(at(0));
  in.freezes.end({});
}

/// Every statement of every table.
std::set<std::string> statements() {
  std::set<std::string> noted;
  const auto store = open_sqlite(":memory:", [&](std::unique_ptr<Connection> inner) {
    return std::make_unique<NotingConnection>(std::move(inner), noted);
  });
  record(*store, delivery("d-1"));
  for (const auto use : {use_queue, use_inbox, use_pulls_and_changes, use_plans_and_states, use_the_rest}) {
    store->transact(use);
  }
  store->health();
  return noted;
}

/// What may be looked through whole: one row, or only what is running, open or newest right now.
bool is_small(const std::string& step) {
  for (const char* small : {"SCAN counters", "SCAN jobs USING INDEX jobs_leases", "SCAN CONSTANT ROW",
                            "SCAN freezes", "SCAN state_versions USING INDEX state_versions_newest"}) {
    if (step.starts_with(small)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("no statement looks through a table, however much history there is") {
  const TemporaryDir dir;
  open_sqlite(dir / "data");
  SqliteConnection planner(dir / "data/slipway.db", {});
  const std::set<std::string> all = statements();
  CHECK(all.size() > 60);
  for (const std::string& sql : all) {
    CAPTURE(sql);
    const std::vector<Value> nothing(std::count(sql.begin(), sql.end(), '$') + 1, std::optional<Time>());
    planner.read("EXPLAIN QUERY PLAN " + sql, nothing, [&](const Row& row) {
      const std::string step(row.text(3));
      // A walk along an index in the order asked for ends at its LIMIT.
      const bool ends_at_limit = step.starts_with("SCAN") && sql.find(" LIMIT $") != std::string::npos &&
                                 sql.find("ORDER BY") != std::string::npos;
      CAPTURE(step);
      CHECK((!step.starts_with("SCAN") || ends_at_limit || is_small(step)));
      // Who wants the first rows only must not sort all. (One delivery id has as many rows as there are
      // forges.)
      const bool sorts =
          step.find("TEMP B-TREE") != std::string::npos && sql.find("LIMIT") != std::string::npos;
      CHECK((!sorts || sql.find("FROM inbox WHERE id = $1") != std::string::npos));
      CHECK(step.find("AUTOMATIC") == std::string::npos);
      return true;
    });
  }
}
