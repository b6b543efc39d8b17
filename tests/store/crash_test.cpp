#include "core/failure.h"
#include "store/sqlite/connection.h"
#include "tests/store/contract.h"
#include "tests/store/failing_connection.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::store;

namespace {

NewJob job(std::string lane, std::string key = {}) {
  return {.kind = "plan", .lane = std::move(lane), .payload = {}, .due = at(0), .key = std::move(key)};
}

Job claim(Transaction& in, std::int64_t now) {
  return in.jobs.claim({"plan"}, {"here", at(now), at(now + 30)}).value();
}

using Step = std::function<void(Store&)>;

/// A transaction as one step; it is repeated by the next life, so it may find its own work done.
Step transaction(std::function<void(Transaction&)> action) {
  return [action = std::move(action)](Store& store) { store.transact(action); };
}

/// Steps that touch every table, each more than one row of it, as the bot does.
std::vector<Step> life() {
  return {
      [](Store& store) {
        if (record(store, delivery("d-1")) == Recorded::Failed) throw Failure("not recorded");
      },
      transaction([](Transaction& in) {
        const Received received = in.inbox.pending(1).front();
        in.jobs.add(job("pull:12"));
        in.jobs.add(job("pull:12", "edit"));
        in.jobs.add(job("pull:13", "edit"));
        in.inbox.handled(received.sequence, "look at github/acme/infra#12");
      }),
      transaction([](Transaction& in) {
        const Job looked = claim(in, 0);
        PullRow pull;
        pull.pull.id = kPull;
        in.pulls.save(pull);
        Change change;
        change.id = kChange;
        change.state = phase::Planning{"r1"};
        in.changes.save(change);
        in.jobs.add(job("plan:prod/web"));
        in.runs.start({.id = "r1",
                       .change = kChange,
                       .kind = "plan",
                       .commit = "h1",
                       .actor = "alice",
                       .started = at(1),
                       .ended = {},
                       .outcome = {},
                       .summary = {}});
        if (!in.jobs.finish(looked)) throw Failure("fenced off");
      }),
      transaction([](Transaction& in) {
        const Job planned = claim(in, 1);
        in.runs.add_log("r1", 0, Sealed::stored("log"));
        in.runs.end("r1", at(2), "ok", "1 to add");
        PlanRecord plan;
        plan.id = "7f3a";
        plan.change = kChange;
        plan.plan_file = "blob-1";
        plan.materials = "blob-2";
        in.plans.add(plan);
        Change change = *in.changes.find(kChange);
        change.state = phase::Ready{"7f3a"};
        in.changes.save(change);
        in.jobs.retry(planned, at(60), "again");
      }),
      transaction([](Transaction& in) {
        const Job said = claim(in, 1);
        in.said.save({kPull, "sticky", 5, "digest", at(3)});
        in.said.first_time(kPull, 5);
        in.said.save_status(kRepo, "h1", "slipway/plan", "ok");
        in.plans.shown("7f3a", at(3));
        in.audit.add({0, at(3), "alice", "plan.shown", "prod/web", ""});
        in.jobs.bury(said, at(4), "gave up");
      }),
      transaction([](Transaction& in) {
        StateVersion version;
        version.key = kState;
        version.digest = "state-1";
        in.states.add(version);
        version.digest = "state-2";
        in.states.add(version);
        in.states.grant({"token", kState, "r2", true, 1});
        in.states.take_lock({kState, "lock", "{}", "r2", at(5)});
        in.freezes.save({{kRepo}, "audit", "alice", false, at(5), at(50)});
        in.freezes.save({{}, "move", "root", true, at(5), {}});
      }),
      transaction([](Transaction& in) {
        in.states.drop_lock(kState);
        in.states.revoke("r2");
        in.freezes.end({});
        in.freezes.forget(at(60));
        in.jobs.revive(in.jobs.dead(1).front().job.id, at(0));
        in.jobs.drop_waiting("pull:12", "plan");
        Change change = *in.changes.find(kChange);
        change.state = phase::Done{};
        in.changes.save(change);
        in.plans.shed_blobs(at(100));
        in.runs.forget_logs(at(100));
        in.inbox.forget(at(100), at(0));
      }),
  };
}

/// Everything that is in the database, as text.
std::string contents(const std::string& database) {
  SqliteConnection connection(database, {.may_write = false});
  const auto text = [](const Row& row) { return std::string(row.text(0)); };
  std::string all;
  for (const std::string& table : connection.all(
           "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
           {}, text)) {
    const auto columns = connection.all("SELECT name FROM pragma_table_info($1)", {table}, text);
    std::string row = "quote(" + columns.front() + ")";
    for (std::size_t i = 1; i < columns.size(); ++i) row += " || ',' || quote(" + columns[i] + ")";
    auto rows = connection.all("SELECT " + row + " FROM " + table, {}, text);
    std::sort(rows.begin(), rows.end());
    all += table + "\n";
    for (const std::string& found : rows) all += "  " + found + "\n";
  }
  return all;
}

/// The contents after each step of a life without a fault; the first is those of a new database.
std::vector<std::string> undisturbed() {
  const TemporaryDir dir;
  std::vector<std::string> states;
  const auto store = open_sqlite(dir / "data");
  states.push_back(contents(dir / "data/slipway.db"));
  for (const Step& step : life()) {
    step(*store);
    states.push_back(contents(dir / "data/slipway.db"));
  }
  return states;
}

/// Lives until the fault strikes. Gives how many steps said that they were done.
std::size_t live(const std::string& data_dir, Fault& fault) {
  std::size_t done = 0;
  try {
    const auto store = open_sqlite(data_dir, failing(fault));
    for (const Step& step : life()) {
      step(*store);
      ++done;
    }
  } catch (const Failure&) {
  }
  return done;
}

std::int64_t writes_of_a_life() {
  const TemporaryDir dir;
  Fault none;
  live(dir / "data", none);
  return none.writes();
}

}  // namespace

TEST_CASE("after a crash at any write each step was done whole or not at all") {
  const std::vector<std::string> states = undisturbed();
  const std::int64_t writes = writes_of_a_life();
  REQUIRE(writes > 60);
  for (std::int64_t n = 1; n <= writes; ++n) {
    CAPTURE(n);
    const TemporaryDir dir;
    Fault fault;
    fault.crash_at(n);
    const std::size_t done = live(dir / "data", fault);
    REQUIRE(fault.has_struck());

    const auto next_life = open_sqlite(dir / "data");
    const std::string found = contents(dir / "data/slipway.db");
    // The step that died may have been on disk already, when only its answer was lost.
    const bool whole = found == states[done] || (done + 1 < states.size() && found == states[done + 1]);
    REQUIRE(whole);
    REQUIRE(next_life->check_integrity().empty());
  }
}
