#include "core/failure.h"
#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

RunRow run(RunId id, std::int64_t started, std::int64_t pull = 12) {
  RunRow row;
  row.id = std::move(id);
  row.change = {{kRepo, pull}, {"prod/web", "default", "web"}};
  row.kind = "plan";
  row.commit = "h1";
  row.actor = "alice";
  row.started = at(started);
  return row;
}

void start(const AnyStore& store, const RunRow& row) {
  store->transact([&](Transaction& in) { in.runs.start(row); });
}

std::vector<RunId> ids(const std::vector<RunRow>& rows) {
  std::vector<RunId> found;
  for (const RunRow& row : rows) found.push_back(row.id);
  return found;
}

std::vector<std::string> log_of(const AnyStore& store, const RunId& id, std::int64_t from = 0) {
  std::vector<std::string> chunks;
  for (const Sealed& chunk : store.read([&](const Snapshot& in) { return in.runs.log(id, from); })) {
    chunks.push_back(chunk.bytes());
  }
  return chunks;
}

void add_log(const AnyStore& store, const RunId& id, std::int64_t part, std::string bytes) {
  store->transact([&](Transaction& in) { in.runs.add_log(id, part, Sealed::stored(std::move(bytes))); });
}

using Ids = std::vector<RunId>;

}  // namespace

TEST_CASE("a run is known from its start, and tells its end") {
  const AnyStore store = any_store();
  start(store, run("r1", 5));
  const auto find = [&] { return store.read([](const Snapshot& in) { return in.runs.find("r1"); }); };
  REQUIRE(find());
  CHECK(find()->change == run("r1", 5).change);
  CHECK(find()->kind == "plan");
  CHECK(find()->commit == "h1");
  CHECK(find()->actor == "alice");
  CHECK(find()->started == at(5));
  CHECK_FALSE(find()->ended);
  CHECK(find()->outcome.empty());
  store->transact([](Transaction& in) { in.runs.end("r1", at(9), "failed", "init: no such module"); });
  CHECK(find()->ended == at(9));
  CHECK(find()->outcome == "failed");
  CHECK(find()->summary == "init: no such module");
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.runs.find("r2"); }));
}

TEST_CASE("runs come newest first, of one pull request or of all") {
  const AnyStore store = any_store();
  start(store, run("old", 1));
  start(store, run("new", 3));
  start(store, run("other", 2, 13));
  CHECK(store.read([](const Snapshot& in) { return ids(in.runs.of_pull(kPull)); }) == Ids{"new", "old"});
  CHECK(store.read([](const Snapshot& in) { return ids(in.runs.recent(2)); }) == Ids{"new", "other"});
}

TEST_CASE("a log is read from any part on") {
  const AnyStore store = any_store();
  start(store, run("r1", 0));
  start(store, run("r2", 0));
  add_log(store, "r1", 0, std::string("\x00\xff", 2));
  add_log(store, "r1", 1, "second");
  add_log(store, "r2", 0, "another run's");
  CHECK(log_of(store, "r1") == std::vector<std::string>{std::string("\x00\xff", 2), "second"});
  CHECK(log_of(store, "r1", 1) == std::vector<std::string>{"second"});
  CHECK(log_of(store, "r1", 2).empty());
}

TEST_CASE("a log belongs to a run that was started") {
  const AnyStore store = any_store();
  CHECK_THROWS_AS(add_log(store, "r1", 0, "text"), Failure);
}

TEST_CASE("a part that is written again replaces itself") {
  const AnyStore store = any_store();
  start(store, run("r1", 0));
  add_log(store, "r1", 0, "half");
  add_log(store, "r1", 0, "whole");
  CHECK(log_of(store, "r1") == std::vector<std::string>{"whole"});
}

TEST_CASE("logs of runs that ended long ago are forgotten, the runs are not") {
  const AnyStore store = any_store();
  for (const char* id : {"old", "new", "running"}) {
    start(store, run(id, 0));
    add_log(store, id, 0, "text");
  }
  store->transact([](Transaction& in) {
    in.runs.end("old", at(10), "ok", "");
    in.runs.end("new", at(90), "ok", "");
  });
  const auto forget = [&] {
    return store.write([](Transaction& in) { return in.runs.forget_logs(at(50)); });
  };
  CHECK(forget() == 1);
  CHECK(forget() == 0);
  CHECK(log_of(store, "old").empty());
  CHECK(log_of(store, "new").size() == 1);
  CHECK(log_of(store, "running").size() == 1);
  CHECK(store.read([](const Snapshot& in) { return in.runs.find("old"); })->outcome == "ok");
}
